import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Distribution, distributionOf, mergeDistributions, percentile } from './distribution.ts';

const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 });
const ones = (list: readonly number[]) => new Map(list.map((value) => [value + 0, 1]));

function merged(lists: readonly (readonly number[])[]): Distribution | undefined {
  return lists.map((list) => distributionOf(ones(list))).reduce((a, b) => a && b && mergeDistributions(a, b));
}

/** The nearest rank, from the values themselves. */
function truth(list: readonly number[], percent: number): number {
  const sorted = [...new Set(list)].sort((a, b) => a - b);
  return sorted[Math.max(Math.ceil((percent / 100) * sorted.length) - 1, 0)] as number;
}

test('up to 32 different values are kept as they are', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 32 }),
      fc.nat({ max: 100 }),
      (list, percent) => {
        const distribution = distributionOf(ones(list));
        assert.ok(distribution);
        assert.equal(
          percentile(distribution, percent),
          truth(
            list.map((value) => value + 0),
            percent,
          ),
        );
      },
    ),
  );
});

test('percentiles of values within a factor of 100 are within 1 %', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 1, max: 100, noNaN: true }), { minLength: 1, maxLength: 300 }),
      fc.nat({ max: 100 }),
      (list, percent) => {
        const distribution = distributionOf(ones(list));
        assert.ok(distribution);
        const expected = truth(list, percent);
        assert.ok(Math.abs(percentile(distribution, percent) - expected) <= expected * 0.0100001);
      },
    ),
  );
});

test('a sketch never has more than 256 bins, however wide the values range', () => {
  const list = Array.from({ length: 5000 }, (_, index) => 2 ** (index / 7 - 350));
  const distribution = distributionOf(ones(list));
  assert.ok(distribution?.kind === 'sketch');
  assert.ok(distribution.bins.size <= 256);
  assert.equal(
    [...distribution.bins.values()].reduce((sum, count) => sum + count),
    list.length,
  );
});

test('it makes no difference in which order and in which portions values are merged', () => {
  fc.assert(
    fc.property(values, values, values, (a, b, c) => {
      // A value twice would count twice when it comes from two portions.
      const [x, y, z] = [a, b, c].map((list, index) => list.map((value) => value * 3 + index * 1e7));
      const whole = distributionOf(ones([...(x ?? []), ...(y ?? []), ...(z ?? [])]));
      const inOrder = (distribution: Distribution | undefined) =>
        distribution && {
          ...distribution,
          ...(distribution.kind === 'exact'
            ? { counts: [...distribution.counts].sort(([p], [q]) => p - q) }
            : { bins: [...distribution.bins].sort(([p], [q]) => p - q) }),
        };
      for (const lists of [
        [x, y, z],
        [z, x, y],
      ]) {
        assert.deepEqual(inOrder(merged(lists as number[][])), inOrder(whole));
      }
    }),
    { numRuns: 50 },
  );
});

test('with negative values, more than 32 are too many', () => {
  const list = Array.from({ length: 33 }, (_, index) => index - 1);
  assert.equal(distributionOf(ones(list)), undefined);
  assert.equal(merged([list.slice(0, 20), list.slice(20)]), undefined);
  assert.equal(distributionOf(ones(list.slice(1)))?.kind, 'exact');
  assert.equal(merged([[-1], Array.from({ length: 50 }, (_, index) => index)]), undefined);
});

test('counts weigh', () => {
  const distribution = distributionOf(
    new Map([
      [1, 99],
      [1000, 1],
    ]),
  );
  assert.ok(distribution);
  assert.deepEqual(
    [0, 50, 99, 99.5, 100].map((percent) => percentile(distribution, percent)),
    [1, 1, 1, 1000, 1000],
  );
});

test('where bins had to be doubled, percentiles are within 2 % for each doubling', () => {
  // 690 bins of 1 % would be needed, so they are doubled twice.
  const list = Array.from({ length: 4000 }, (_, index) => 1e6 ** (index / 4000));
  const distribution = distributionOf(ones(list));
  assert.ok(distribution?.kind === 'sketch');
  assert.equal(distribution.doublings, 2);
  for (let percent = 1; percent <= 100; percent++) {
    const expected = truth(list, percent);
    assert.ok(Math.abs(percentile(distribution, percent) - expected) <= expected * 0.04, `p${percent}`);
  }
});

test('zeros are counted', () => {
  const many = Array.from({ length: 40 }, (_, index) => index);
  const distribution = merged([many, many, many]);
  assert.ok(distribution?.kind === 'sketch');
  assert.equal(distribution.zeros, 3);
  assert.equal(percentile(distribution, 2.5), 0);
  assert.ok(percentile(distribution, 2.6) > 0);
});
