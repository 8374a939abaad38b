/** Listings against a reference that has all keys in memory, sorted by their bytes, and forms the pages by hand. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Bucket } from './buckets.ts';
import { listKeys } from './key-listing.ts';
import type { ListingPage, ListingPosition } from './listing.ts';
import { markerPosition } from './listing.ts';
import { readToken, writeToken } from './listing-answers.ts';
import { emptyObject, makeBucket } from './testing/bucket.fixture.ts';
import { openState } from './testing/s3.fixture.ts';
import { listVersions } from './version-listing.ts';
import { deleteCurrent, deleteVersion, putVersion } from './versions.ts';

/** Few characters, so that prefixes are shared; at the edges of UTF-8's lengths and of UTF-16's surrogates. */
const character = fc.constantFrom(
  ...['/', '/', '/', 'a', 'b', 'A', ' ', '%', '+', '\u0000', '\u0001', '\u007f', '\u0080', '\u07ff', '\u0800'],
  ...['\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{1f415}', '\u{10ffff}'],
);
const text = fc.array(character, { maxLength: 6 }).map((parts) => parts.join(''));
const anyText = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
);
const key = anyText.filter((name) => name !== '');
const keys = fc.uniqueArray(key, { maxLength: 40 });
const delimiter = fc.oneof(fc.constantFrom('', '/', '/', 'a', '//', '\u{10ffff}', '\u{1f415}/'), text);
const limit = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(1000));
const question = { prefix: fc.oneof(fc.constant(''), text), delimiter, limit };
const runs = { numRuns: 150, seed: 3 };

interface Question {
  readonly prefix: string;
  readonly delimiter: string;
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Keys and common prefixes as a listing without pages shows them. */
function expectedEntries(all: readonly string[], { prefix, delimiter }: Question): string[] {
  const entries = all
    .toSorted(byBytes)
    .filter((name) => name.startsWith(prefix))
    .map((name) => groupOf(name, { prefix, delimiter }) ?? `key ${name}`);
  return [...new Set(entries)];
}

function groupOf(name: string, { prefix, delimiter }: Question): string | undefined {
  if (delimiter === '') return undefined;
  const [first, ...others] = name.slice(prefix.length).split(delimiter);
  return others.length === 0 ? undefined : `prefix ${prefix}${first}${delimiter}`;
}

/** All pages, each checked to be full but the last. */
function pages<Row>(list: (after: ListingPosition | undefined) => ListingPage<Row>, limit: number): ListingPage<Row>[] {
  const found: ListingPage<Row>[] = [];
  let after: ListingPosition | undefined;
  do {
    const page = list(after);
    found.push(page);
    after = page.next;
    const size = page.rows.length + page.prefixes.length;
    if (after) assert.equal(size, limit);
    else assert.ok(size <= limit);
    assert.ok(found.length < 1000, 'the pages have no end');
  } while (after);
  return found;
}

/** Rows and prefixes of a page as one list in order. */
function entriesOf({ rows, prefixes }: ListingPage<{ readonly key: string }>): string[] {
  const names = [...rows.map(({ key: name }) => `key ${name}`), ...prefixes.map((name) => `prefix ${name}`)];
  const nameOf = (entry: string): string => entry.slice(entry.indexOf(' ') + 1);
  assert.deepEqual(prefixes, prefixes.toSorted(byBytes));
  return names.toSorted((a, b) => byBytes(nameOf(a), nameOf(b)));
}

describe('listing keys', () => {
  it('shows each key and common prefix once, in the order of bytes, on pages that are full', async () => {
    await using s3 = await openState();
    const { state } = s3;
    let count = 0;
    fc.assert(
      fc.property(keys, fc.record(question), (all, { limit: size, ...asked }) => {
        const bucket = filled(`keys-${count++}`, all);
        const byToken = pages((after) => {
          const token = after && readToken(writeToken(after));
          return listKeys({ ...asked, bucket: bucket.name, limit: size, after: token }, state);
        }, size);
        const byMarker = pages((after) => {
          const marker = after && markerPosition(after.text, asked);
          return listKeys({ ...asked, bucket: bucket.name, limit: size, after: marker }, state);
        }, size);
        const expected = expectedEntries(all, asked);
        assert.deepEqual(byToken.flatMap(entriesOf), expected);
        assert.deepEqual(byMarker.flatMap(entriesOf), expected);
      }),
      runs,
    );

    function filled(name: string, all: readonly string[]): Bucket {
      const bucket = makeBucket(name, state);
      state.store.database.transaction(() => {
        for (const item of all) putVersion(bucket, emptyObject(item), state);
      });
      return bucket;
    }
  });

  it('begins after any text', async () => {
    await using s3 = await openState();
    const { state } = s3;
    let count = 0;
    fc.assert(
      fc.property(keys, fc.record(question), anyText, (all, asked, start) => {
        const bucket = makeBucket(`after-${count++}`, state);
        for (const item of all) putVersion(bucket, emptyObject(item), state);
        const later = all.filter((name) => byBytes(name, start) > 0);
        const request = { ...asked, bucket: bucket.name, limit: 1000 };
        const page = listKeys({ ...request, after: { kind: 'key', text: start } }, state);
        assert.deepEqual(entriesOf(page), expectedEntries(later, asked));

        // To a marker, a common prefix that it lies below is shown already.
        const behind = later.filter((name) => {
          const group = groupOf(name, asked)?.slice('prefix '.length);
          return group === undefined || !start.startsWith(group);
        });
        const marked = listKeys({ ...request, after: markerPosition(start, asked) }, state);
        assert.deepEqual(entriesOf(marked), expectedEntries(behind, asked));
      }),
      runs,
    );
  });
});

/** What is done to a key of a bucket with versioning. */
const deeds = fc.array(
  fc.record({
    key: fc.constantFrom('a', 'a/b', 'a/c', 'b', '\ue000', '\u{1f415}'),
    deed: fc.integer({ min: 0, max: 3 }),
  }),
  { maxLength: 30 },
);

describe('listing versions', () => {
  it('shows each version and delete marker once, by key and from new to old, and says which is the latest', async () => {
    await using s3 = await openState();
    const { state } = s3;
    let count = 0;
    fc.assert(
      fc.property(deeds, fc.record(question), (done, { limit: size, ...asked }) => {
        const bucket = makeBucket(`versions-${count++}`, state, 'Enabled');
        const history = new Map<string, string[]>();
        for (const { key: name, deed } of done) {
          const known = history.get(name) ?? [];
          history.set(name, known);
          if (deed < 2) known.unshift(putVersion(bucket, emptyObject(name), state).version);
          else if (deed === 2) known.unshift(deleteCurrent(bucket, name, state).version ?? '');
          else if (known.length > 0) {
            const [gone] = known.splice(Math.floor(known.length / 2), 1);
            deleteVersion(bucket, { key: name, version: gone ?? '' }, state);
          }
        }
        const shown = pages(
          (after) => listVersions({ ...asked, bucket: bucket.name, limit: size, after }, state),
          size,
        );
        const rows = shown.flatMap((page) => page.rows).map((row) => [row.key, row.version, row.isLatest]);
        const expectedRows = [...history]
          .toSorted(([a], [b]) => byBytes(a, b))
          .filter(([name]) => name.startsWith(asked.prefix) && groupOf(name, asked) === undefined)
          .flatMap(([name, versions]) => versions.map((version, index) => [name, version, index === 0]));
        assert.deepEqual(rows, expectedRows);
        const left = [...history].filter(([, versions]) => versions.length > 0).map(([name]) => name);
        const expectedPrefixes = expectedEntries(left, asked).filter((entry) => entry.startsWith('prefix '));
        assert.deepEqual(
          shown.flatMap((page) => page.prefixes.map((prefix) => `prefix ${prefix}`)),
          expectedPrefixes,
        );
      }),
      runs,
    );
  });
});
