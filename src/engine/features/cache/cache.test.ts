import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { temporaryDirectory } from '../testing/fixture.ts';
import { evictSegments, mergeSegments } from './maintain.ts';
import { readRecords } from './read.ts';
import { type CacheRecord, headerBytes } from './segment.ts';
import { listSegments } from './segment-files.ts';
import { openWriter } from './write.ts';

const space = createHash('sha256').update('a space').digest();
let clock = 1_700_000_000_000;
/** Every segment is younger than the one before. */
const now = (): number => ++clock;

function keyOf(id: number): Buffer {
  return Buffer.concat([createHash('sha256').update(`${id}`).digest(), Buffer.alloc(8)]);
}

function recordOf(id: number, payload = `payload of ${id}`): CacheRecord {
  return { key: keyOf(id), payload: Buffer.from(payload) };
}

function write(directory: string, blocks: readonly (readonly CacheRecord[])[]): string {
  const writer = openWriter({ directory, space, now, segmentBytes: 1e9 });
  for (const block of blocks) writer.append(block);
  return writer.close()[0] as string;
}

/** What is found of `ids`, by id, and whether there was damage. */
function read(directory: string, ids: readonly number[]): { found: Map<number, string>; damaged: Set<string> } {
  const keys = ids.map((id) => keyOf(id).toString('latin1'));
  const found = new Map<number, string>();
  const damaged = readRecords(keys, { directory, space, now: now() }, (at, payload) => {
    found.set(ids[at] as number, payload.toString());
  });
  return { found, damaged };
}

function flip(file: string, position: number): void {
  const bytes = readFileSync(file);
  bytes[position]! ^= 0x10;
  writeFileSync(file, bytes);
}

test('records come back from all segments, with or without others between them, also while a writer is at work', (context) => {
  const directory = temporaryDirectory(context);
  assert.equal(read(join(directory, 'not there'), [1]).found.size, 0);
  write(directory, [[recordOf(1), recordOf(2)], [recordOf(3, '')], [recordOf(4, 'x'.repeat(200_000)), recordOf(5)]]);
  const writer = openWriter({ directory, space, now, segmentBytes: 1e9 });
  const other = openWriter({ directory, space, now, segmentBytes: 1e9 });
  writer.append([recordOf(6)]);
  other.append([recordOf(7), recordOf(1, 'newer')]);
  const { found, damaged } = read(directory, [3, 7, 1, 99, 6, 5]);
  assert.deepEqual([...found].sort(), [
    [1, 'newer'],
    [3, ''],
    [5, 'payload of 5'],
    [6, 'payload of 6'],
    [7, 'payload of 7'],
  ]);
  assert.equal(damaged.size, 0);
  writer.close();
  other.close();
  assert.equal(read(directory, [1, 2, 3, 4, 5, 6, 7]).found.size, 7);
});

test('a segment cut anywhere gives the blocks that are whole, and nothing else', (context) => {
  const directory = temporaryDirectory(context);
  const ends: number[] = [headerBytes];
  const writer = openWriter({ directory, space, now, segmentBytes: 1e9 });
  for (const id of [0, 2, 4]) {
    writer.append([recordOf(id), recordOf(id + 1)]);
    ends.push(statSync(join(directory, listSegments(directory)[0] as string)).size);
  }
  const file = join(directory, writer.close()[0] as string);
  for (let size = ends.at(-1) as number; size >= 0; size--) {
    truncateSync(file, size);
    const { found, damaged } = read(directory, [0, 1, 2, 3, 4, 5]);
    const blocks = ends.filter((end) => end <= size).length - 1;
    assert.deepEqual([...found.keys()], [0, 1, 2, 3, 4, 5].slice(0, Math.max(0, 2 * blocks)), `cut to ${size} bytes`);
    assert.equal(damaged.size, ends.includes(size) ? 0 : 1, `cut to ${size} bytes`);
  }
});

test('a flipped bit anywhere loses records but never gives a wrong one', (context) => {
  const directory = temporaryDirectory(context);
  const ids = [0, 1, 2];
  const file = join(directory, write(directory, [[recordOf(0)], [recordOf(1), recordOf(2)]]));
  const size = statSync(file).size;
  for (let position = 0; position < size; position++) {
    flip(file, position);
    const { found, damaged } = read(directory, ids);
    for (const [id, payload] of found) assert.equal(payload, `payload of ${id}`);
    // The four reserved bytes at the end of the header mean nothing.
    assert.ok(found.size < 3 || (position >= 52 && position < 56), `byte ${position}`);
    assert.equal(damaged.size, 1);
    flip(file, position);
  }
  assert.equal(read(directory, ids).found.size, 3);
});

test('whatever blocks are written and wherever the file ends, what is found is what was written', (context) => {
  const directory = temporaryDirectory(context);
  const blocks = fc.array(fc.array(fc.tuple(fc.nat(20), fc.string({ maxLength: 300 })), { maxLength: 6 }), {
    maxLength: 8,
  });
  let runs = 0;
  fc.assert(
    fc.property(blocks, fc.nat(3000), (given, cut) => {
      const place = join(directory, `${runs++}`);
      const name = write(
        place,
        given.map((block) => block.map(([id, payload]) => recordOf(id, payload))),
      );
      const written = new Map<number, Set<string>>();
      for (const [id, payload] of given.flat()) written.set(id, (written.get(id) ?? new Set()).add(payload));
      if (!name) return written.size === 0;
      const ids = [...written.keys()];
      if (read(place, ids).found.size !== ids.length) return false;
      const file = join(place, name);
      truncateSync(file, Math.max(0, statSync(file).size - cut));
      return [...read(place, ids).found].every(([id, payload]) => written.get(id)?.has(payload));
    }),
    { numRuns: 60 },
  );
});

test('another space in the same directory is not read', (context) => {
  const directory = temporaryDirectory(context);
  write(directory, [[recordOf(1)]]);
  const other = createHash('sha256').update('another space').digest();
  readRecords([keyOf(1).toString('latin1')], { directory, space: other, now: now() }, () => assert.fail());
});

test('a segment that has grown to its size is followed by another', (context) => {
  const directory = temporaryDirectory(context);
  const writer = openWriter({ directory, space, now, segmentBytes: 1000 });
  for (let id = 0; id < 30; id++) writer.append([recordOf(id)]);
  assert.ok(writer.close().length >= 3);
  const ids = Array.from({ length: 30 }, (_, id) => id);
  assert.equal(read(directory, ids).found.size, 30);
});

test('many small segments become one, except those being written; the newest of equal keys stays', (context) => {
  const directory = temporaryDirectory(context);
  const damaged = new Set<string>();
  for (let id = 0; id < 7; id++) write(directory, [[recordOf(id), recordOf(100, `version ${id}`)]]);
  const writer = openWriter({ directory, space, now, segmentBytes: 1e9 });
  writer.append([recordOf(50)]);
  assert.deepEqual(mergeSegments({ directory, space, now, damaged }), [], 'seven are not many');
  write(directory, [[recordOf(7)]]);
  assert.equal(mergeSegments({ directory, space, now, damaged }).length, 8);
  assert.equal(listSegments(directory).length, 2);
  writer.append([recordOf(51)]);
  writer.close();
  const ids = [0, 1, 2, 3, 4, 5, 6, 7, 50, 51, 100];
  assert.equal(read(directory, ids).found.size, ids.length);
  assert.equal(read(directory, [100]).found.get(100), 'version 6');
});

test('damage is cut out at once, and what a dead writer left open is taken over', (context) => {
  const directory = temporaryDirectory(context);
  const name = write(directory, [[recordOf(1), recordOf(2)], [recordOf(3)]]);
  // No process has this id: Linux gives none above 4,194,304.
  const left = name.replace(/-\d+-/, '-99999999-').replace('.segment', '.open');
  renameSync(join(directory, name), join(directory, left));
  flip(join(directory, left), headerBytes + 16 + 2 * 48);
  const { found, damaged } = read(directory, [1, 2, 3]);
  assert.deepEqual([...found.keys()], [2, 3]);
  assert.deepEqual([...damaged], [left]);
  assert.deepEqual(mergeSegments({ directory, space, now, damaged }), [left]);
  const after = read(directory, [1, 2, 3]);
  assert.deepEqual([...after.found.keys()], [2, 3]);
  assert.equal(after.damaged.size, 0);
});

test('past the limit, what was not used for longest goes first and what is known of pictures last', (context) => {
  const cache = temporaryDirectory(context);
  const features = join(cache, 'features-1');
  const names = [1, 2, 3].map((id) => write(features, [[recordOf(id, 'x'.repeat(10_000))]]));
  const pictures = join(cache, 'pictures-1');
  const known = write(pictures, [[recordOf(4)]]);
  mkdirSync(join(cache, 'other'));
  names.forEach((name, at) => {
    utimesSync(join(features, name), 1000 + at, 1000 + at);
  });
  utimesSync(join(pictures, known), 1, 1);
  read(features, [1]);
  assert.equal(evictSegments(cache, 25_000), 1);
  assert.deepEqual(listSegments(features), [names[0], names[2]]);
  assert.equal(evictSegments(cache, 5_000), 2);
  assert.deepEqual([listSegments(features), listSegments(pictures)], [[], [known]]);
  assert.equal(evictSegments(cache, 0), 1);
});
