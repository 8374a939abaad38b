import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AwsFault } from '../../wire/index.ts';
import { pageOf } from './paging.ts';

const names = fc.uniqueArray(fc.string({ minLength: 1 }), { selector: (name) => name.toLowerCase() });

/** All pages, with `between` done to the list after each. */
function readAll(list: readonly string[], size: number, between = (rest: readonly string[]) => rest): string[] {
  const read: string[] = [];
  let Marker: string | undefined;
  let items = list;
  do {
    const { items: shown, page } = pageOf(items, (name) => name, { Marker, MaxItems: size });
    assert.equal(page.IsTruncated, page.Marker !== undefined);
    read.push(...shown);
    Marker = page.Marker;
    items = between(items);
  } while (Marker !== undefined);
  return read;
}

test('pages of any size show each item once, in order', () => {
  fc.assert(
    fc.property(names, fc.integer({ min: 1, max: 10 }), (list, size) => {
      const read = readAll(list, size);
      assert.deepEqual(new Set(read), new Set(list));
      assert.equal(read.length, list.length);
      const keys = read.map((name) => name.toLowerCase());
      assert.deepEqual(keys, [...keys].sort());
    }),
  );
});

test('what is deleted between pages makes nothing else be skipped', () => {
  const list = ['a', 'b', 'c', 'd', 'e', 'f'];
  assert.deepEqual(
    readAll(list, 2, (rest) => rest.filter((name) => name !== 'b' && name !== 'e')),
    ['a', 'b', 'c', 'd', 'f'],
  );
});

test('a page holds 100 items unless it is told otherwise', () => {
  const list = Array.from({ length: 101 }, (_, index) => String(index));
  assert.equal(pageOf(list, (name) => name, {}).items.length, 100);
});

test('a marker that was made up is refused', () => {
  for (const Marker of ['', 'a', 'YWZ0ZXI', Buffer.from('after:a').toString('base64url').concat('=')]) {
    assert.throws(() => pageOf(['a'], (name) => name, { Marker }), AwsFault, Marker);
  }
});
