import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readJson } from './json.ts';

test('reads what JSON.parse reads, where no key is there twice', () => {
  fc.assert(fc.property(fc.json({ maxDepth: 8 }), (text) => assert.deepEqual(readJson(text), JSON.parse(text))));
  const odd = '{"a\\"b":"x:y","c\\\\":{"a\\"b" : 1},"d":["a",{"a":"}"}]}';
  assert.deepEqual(readJson(odd), JSON.parse(odd));
});

test('a key twice in one object is refused, however it is written', () => {
  for (const text of [
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '[{"b":{"a":1,"c":{"a":1},"a" :2}}]',
    '{"__proto__":1,"__proto__":2}',
    '{"a\\"":1,"a\\"":2}',
  ]) {
    assert.throws(() => readJson(text), SyntaxError, text);
  }
  assert.deepEqual(readJson('{"a":{"a":1},"b":[{"a":1},{"a":2}]}'), { a: { a: 1 }, b: [{ a: 1 }, { a: 2 }] });
});

test('__proto__ is a key like any other', () => {
  const value = readJson('{"__proto__":{"polluted":true}}') as object;
  assert.deepEqual(Object.keys(value), ['__proto__']);
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
});

test('deep and long documents neither crash nor hang', () => {
  assert.throws(() => readJson('['.repeat(1_000_000)), SyntaxError);
  assert.throws(() => readJson(`${'['.repeat(100_000)}${']'.repeat(100_000)}`), SyntaxError);
  assert.throws(() => readJson('{"a":'.repeat(50_000) + 1 + '}'.repeat(50_000)), SyntaxError);
  assert.equal(readJson(JSON.stringify('\\"'.repeat(500_000))), '\\"'.repeat(500_000));
});
