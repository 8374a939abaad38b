import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compare, formatPosition, formatToken, parseToken } from './position.ts';

const position = fc.record(
  { timestamp: fc.nat({ max: 9e15 }), sequence: fc.nat({ max: 9e15 }) },
  { noNullPrototype: true },
);

test('a token is read as it was written', () => {
  fc.assert(
    fc.property(position, fc.constantFrom('f' as const, 'b' as const), (at, direction) => {
      assert.deepEqual(parseToken(formatToken({ direction, position: at })), { direction, position: at });
    }),
  );
});

test('positions as text are in the order of the events, and as long as those of AWS', () => {
  fc.assert(
    fc.property(position, position, (a, b) => {
      const [first, second] = [formatPosition(a), formatPosition(b)];
      assert.equal(Math.sign(compare(a, b)), first < second ? -1 : first > second ? 1 : 0);
      assert.match(first, /^\d{56}$/);
    }),
  );
});

for (const text of ['', 'x', 'f/1/s', `f/${'9'.repeat(56)}/s`, `g/${'0'.repeat(56)}/s`, `f/${'0'.repeat(56)}/s `]) {
  test(`${JSON.stringify(text)} is no token`, () =>
    assert.throws(() => parseToken(text), {
      code: 'InvalidParameterException',
      message: 'The specified nextToken is invalid.',
    }));
}
