import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createContext, Script } from 'node:vm';
import type { ServiceName } from '../schemas.ts';
import { brokenRules, compile } from '../validation/rules.ts';
import { loadConstraints, type Shape } from './constraints.ts';
import { constrainedOperations } from './operations.ts';

const services = Object.keys(constrainedOperations) as ServiceName[];

test('every pattern of the tables is one that JavaScript reads', () => {
  let read = 0;
  for (const { name, pattern } of services.flatMap(patternsOf)) {
    assert.doesNotThrow(() => compile(pattern, new Map()), `${name}: ${pattern}`);
    read += 1;
  }
  assert.ok(read > 30, `${read} patterns`);
});

test('patterns mean the whole string, in Java’s reading of it', () => {
  const matches = (service: ServiceName, shape: string, text: string) => {
    const { shapes, compiled } = loadConstraints(service);
    return brokenRules(text, shapes[shape] as Shape, compiled).length === 0;
  };
  assert.ok(matches('iam', 'roleNameType', 'a+=,.@-_9'));
  for (const name of ['a b', ' a', 'a\n', 'ä', '']) assert.ok(!matches('iam', 'roleNameType', name), name);
  assert.ok(matches('iam', 'tagKeyType', 'Straße Ω 大'), 'letters of all scripts');
  assert.ok(!matches('iam', 'tagKeyType', 'a😀'), 'an emoji is no letter');
  for (const path of ['/', '/a/', '/a/b!/']) assert.ok(matches('iam', 'pathType', path), path);
  for (const path of ['a', '/a', 'a/', '/a /', '/ä/']) assert.ok(!matches('iam', 'pathType', path), path);
  for (const path of ['/', '/a/', '/a/b/']) assert.ok(matches('iam', 'policyPathType', path), path);
  for (const path of ['//', '/a', '/a/!/']) assert.ok(!matches('iam', 'policyPathType', path), path);
  assert.ok(matches('sts', 'arnType', 'arn:aws:iam::000000000000:role/😀'), 'beyond the first plane');
  assert.ok(!matches('sts', 'arnType', 'arn:aws:iam::000000000000:role/\u0000'));
  assert.ok(matches('logs', 'TagKey', 'a b'), 'anchors in the pattern itself change nothing');
  assert.ok(!matches('logs', 'TagKey', 'a\nb*'));
});

test('an alternative in a pattern is anchored on both sides', () => {
  const compiled = new Map<string, RegExp>();
  assert.ok(!compile('a|b', compiled).test('ab'));
  assert.equal(compile('a|b', compiled), compile('a|b', compiled), 'compiled once');
});

/**
 * A pattern that backtracks would hold the whole server. Lengths are looked at first, so a pattern meets as much as its shape admits,
 * here at least 10,000 characters: milliseconds in a linear walk, years with nested repetition. S3's are not enforced.
 */
test('no pattern backtracks on strings made for it', () => {
  assert.ok(!finishes(/^(?:(a+)+b)$/u, 'a'.repeat(10_000), 50), 'a bad pattern is noticed');
  for (const { name, pattern, shape } of services.filter((service) => service !== 's3').flatMap(patternsOf)) {
    const length = Math.max(10_000, shape.max ?? 0);
    const compiled = compile(pattern, new Map());
    for (const seed of ['a', '/', '/a', 'a/', 'v1.', 'a-', ' ', 'é', '\\']) {
      for (const end of ['', '\n', '\u0000', '!', '/']) {
        const text = seed.repeat(Math.ceil(length / seed.length)).slice(0, length) + end;
        assert.ok(finishes(compiled, text), `${name} on ${seed} repeated`);
      }
    }
  }
});

const stage = createContext({});
const script = new Script('pattern.test(text)');

/** Whether the pattern is done in `milliseconds`. A matching engine in a loop can be stopped by a context only. */
function finishes(pattern: RegExp, text: string, milliseconds = 5000): boolean {
  Object.assign(stage, { pattern, text });
  try {
    script.runInContext(stage, { timeout: milliseconds });
    return true;
  } catch {
    return false;
  }
}

test('a string that is too long never meets its pattern', () => {
  const shape: Shape = { type: 'string', max: 20, pattern: 'b+' };
  const broken = brokenRules('a'.repeat(10_000), shape, new Map());
  assert.deepEqual(broken, [{ rule: 'max', limit: 20 }]);
});

interface Pattern {
  readonly name: string;
  readonly pattern: string;
  readonly shape: Shape;
}

function patternsOf(service: ServiceName): Pattern[] {
  return Object.entries(loadConstraints(service).shapes).flatMap(([name, shape]) =>
    shape.pattern === undefined ? [] : [{ name: `${service} ${name}`, pattern: shape.pattern, shape }],
  );
}
