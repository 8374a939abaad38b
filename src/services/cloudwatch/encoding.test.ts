import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createReader, createWriter } from './bytes.ts';
import { decodePoints, decodeSummary, encodePoints, encodeSummary } from './encoding.ts';
import { mergeSummaries, type Summary, summaryOfSet, summaryOfValues } from './summary.ts';

const value = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  fc.float({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  fc.constantFrom(0, 2 ** 49, 2 ** 49 - 1, -(2 ** 49), 2 ** 53, 2 ** 360, -(2 ** 360), 5e-324),
);
const summary: fc.Arbitrary<Summary> = fc.oneof(
  fc.array(value, { minLength: 1, maxLength: 3 }).map((list) => summaryOfValues(list)),
  fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1, maxLength: 400 }).map((list) => summaryOfValues(list)),
  fc.tuple(value, fc.integer({ min: 1, max: 1e6 })).map(([one, count]) => summaryOfValues([one], [count])),
  fc
    .tuple(value, value)
    .map(([a, b]) => summaryOfSet({ count: 2, sum: a + b, minimum: Math.min(a, b), maximum: Math.max(a, b) })),
);

test('numbers are read as they were written', () => {
  fc.assert(
    fc.property(fc.array(value), (numbers) => {
      const writer = createWriter();
      for (const number of numbers) writer.number(number);
      const reader = createReader(writer.finish());
      assert.deepEqual(
        numbers.map(() => reader.number()),
        numbers,
      );
    }),
  );
});

test('a summary is read as it was written', () => {
  fc.assert(fc.property(summary, (one) => assert.deepEqual(decodeSummary(encodeSummary(one)), one)));
});

test('so are points', () => {
  const points = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 1439 }), summary), { maxLength: 20 })
    .map((list) => [...new Map(list)].sort(([a], [b]) => a - b).map(([index, one]) => ({ index, summary: one })));
  fc.assert(fc.property(points, (list) => assert.deepEqual(decodePoints(encodePoints(list)), list)));
});

test('a datum of one value takes few bytes', () => {
  assert.equal(encodeSummary(summaryOfValues([7])).length, 2);
  assert.equal(encodeSummary(summaryOfValues([Math.PI])).length, 10);
  const five = [1.1, 2.2, 3.3, 4.4, 5.5].map((one) => summaryOfValues([one])).reduce(mergeSummaries);
  assert.ok(encodeSummary(five).length <= 63);
});
