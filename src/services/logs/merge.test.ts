import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { merge, type Source } from './merge.ts';

const byNumber = { placeOf: (item: number) => item, compare: (a: number, b: number) => a - b };

test('sorted sources become one sorted sequence, whatever bound they name below their first item', () => {
  const sorted = fc
    .array(fc.integer({ min: 0, max: 50 }), { maxLength: 20 })
    .map((items) => items.sort((a, b) => a - b));
  fc.assert(
    fc.property(fc.array(fc.tuple(sorted, fc.nat({ max: 60 }))), (lists) => {
      const sources = lists.map(([items, slack]) => ({
        bound: (items[0] ?? 0) - slack,
        open: () => items[Symbol.iterator](),
      }));
      const all = lists.flatMap(([items]) => items).sort((a, b) => a - b);
      assert.deepEqual([...merge(sources, byNumber)], all);
    }),
  );
});

test('a source is opened when its turn may have come, and closed when reading stops', () => {
  const log: string[] = [];
  const source = (name: string, items: readonly number[]): Source<number, number> => ({
    bound: items[0] as number,
    *open() {
      log.push(`${name} opened`);
      try {
        yield* items;
      } finally {
        log.push(`${name} closed`);
      }
    },
  });
  for (const item of merge([source('late', [90, 91]), source('early', [1, 2, 3]), source('short', [1])], byNumber)) {
    if (item === 3) break;
  }
  assert.deepEqual(log.sort(), ['early closed', 'early opened', 'short closed', 'short opened']);
});
