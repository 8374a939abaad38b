import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { PolicyDocument, PolicyKind } from './document.ts';
import { evaluate } from './evaluate.ts';
import { MalformedPolicy } from './malformed.ts';
import { parsePolicy, policySize } from './parse.ts';
import { ana, request, trainer } from './policy.fixture.ts';

const kinds: readonly PolicyKind[] = ['identity', 'resource', 'trust', 'session', 'boundary'];

/** @returns undefined when it was refused. Any other error is let through. */
function parsed(text: string, kind: PolicyKind): PolicyDocument | undefined {
  try {
    return parsePolicy(text, kind);
  } catch (error) {
    if (error instanceof MalformedPolicy && error.message !== '') return undefined;
    throw error;
  }
}

function askEverything(document: PolicyDocument): void {
  const named = { name: 'p', document };
  const context = { 'aws:a': 'x', 'aws:b': ['x', ''], 'aws:c': new Date(0), 'aws:d': 7, 'aws:e': false };
  for (const principal of [trainer, ana]) {
    const asked = request({ principal, context });
    const policies = document.statements[0]?.principal ? { identity: [], resource: named } : { identity: [named] };
    assert.equal(typeof evaluate(asked, policies).allowed, 'boolean');
  }
}

const text = fc.oneof(
  fc.constantFrom(
    '*',
    's3:*',
    's3:GetObject',
    'sts:AssumeRole',
    'arn:aws:s3:::photos/*',
    'Allow',
    'Deny',
    '000000000000',
  ),
  fc.string({ maxLength: 6 }),
  fc.string({ unit: fc.constantFrom('*', '?', '$', '{', '}', ':', "'", ',', 'a', '/'), maxLength: 12 }),
);
const value = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 2, arbitrary: fc.array(text, { maxLength: 3 }) },
  fc.jsonValue({ maxDepth: 2 }),
);
const operator = fc.constantFrom(
  'StringLike',
  'ForAnyValue:ArnLike',
  'NumericLessThanIfExists',
  'DateEquals',
  'IpAddress',
  'Null',
  'BinaryEquals',
  '__proto__',
);
const keys = fc.dictionary(fc.constantFrom('aws:a', 'AWS:B', 'aws:c', 'aws:d', 'aws:e', '__proto__'), value, {
  maxKeys: 3,
});

const conditions = fc.dictionary(operator, keys, { maxKeys: 3 });

/** Statements that are accepted as they are, so that what is changed of them is what is judged. */
const goodStatements: Readonly<Record<PolicyKind, object>> = {
  identity: { Effect: 'Allow', Action: 's3:*', Resource: '*' },
  session: { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' },
  boundary: { Effect: 'Deny', Action: '*', NotResource: '*' },
  resource: { Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' },
  trust: { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' },
};
const elements = {
  Sid: text,
  Effect: value,
  Principal: fc.oneof(value, fc.dictionary(fc.constantFrom('AWS', 'Service'), value, { maxKeys: 2 })),
  Action: value,
  Resource: value,
  NotResource: value,
  Condition: fc.oneof({ weight: 8, arbitrary: conditions }, { weight: 1, arbitrary: value }),
};
const change = fc
  .constantFrom(...(Object.keys(elements) as (keyof typeof elements)[]))
  .chain((name) => elements[name].map((content) => ({ [name]: content })));
const cases = fc
  .tuple(
    fc.constantFrom(...kinds),
    fc.array(change, { maxLength: 2 }),
    fc.option(value, { freq: 1, nil: '2012-10-17' }),
  )
  .map(([kind, changes, Version]) => {
    const damaged = Object.assign({}, goodStatements[kind], ...changes) as object;
    return { kind, document: { Version, Statement: [goodStatements[kind], damaged] } };
  });

describe('whatever is sent as a policy', () => {
  test('is refused in words, or evaluates', () => {
    let accepted = 0;
    const property = fc.property(cases, ({ document, kind }) => {
      const result = parsed(JSON.stringify(document), kind);
      if (result === undefined) return;
      accepted++;
      askEverything(result);
    });
    fc.assert(property, { numRuns: 2000 });
    assert.ok(accepted > 300, `only ${accepted} were accepted: the property says little`);
  });

  test('also when a good one is damaged', () => {
    const good = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' }],
    });
    const property = fc.property(fc.nat(good.length), fc.nat(5), fc.string({ maxLength: 3 }), (at, length, piece) => {
      const result = parsed(good.slice(0, at) + piece + good.slice(at + length), 'resource');
      if (result) askEverything(result);
    });
    fc.assert(property, { numRuns: 1500 });
  });
});

test('the size of a policy is that without white space', () => {
  assert.equal(policySize('{ "a" :\n\t"b c" }'), '{"a":"bc"}'.length);
});
