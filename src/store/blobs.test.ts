import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { WrittenBlob } from './blobs.ts';
import { isStoreFault } from './fault.ts';
import {
  blobFiles,
  bytesOf,
  chunksOf,
  deleteObject,
  findingsOf,
  putObject,
  readAll,
  sha256,
  temporaryStore,
} from './store.fixture.ts';
import { smallBlobLimit } from './write.ts';

const sizes = [0, 1, smallBlobLimit, smallBlobLimit + 1, 3_000_000];

function fileOf(directory: string, id: string): string {
  return join(directory, 'blobs', id.slice(0, 2), id.slice(2));
}

describe('a blob', () => {
  for (const size of sizes) {
    it(`of ${size} bytes is named by its SHA-256 and read back, also after it was opened anew`, async (t) => {
      const store = await temporaryStore(t);
      const bytes = bytesOf(size, size);
      const [part] = await putObject(store, 'a', [bytes]);
      assert.deepEqual(part, { id: sha256(bytes), size });
      await store.close();
      const again = await temporaryStore(t, { directory: store.directory });
      assert.ok(bytes.equals(await readAll(again.blobs, [part])));
      assert.equal(blobFiles(store.directory).length, size > smallBlobLimit ? 1 : 0);
    });

    it(`of ${size} bytes passes through the sinks in order`, async (t) => {
      const { blobs } = await temporaryStore(t);
      const bytes = bytesOf(size, size);
      const md5 = createHash('md5');
      await blobs.write(chunksOf(bytes, 70_001), { sinks: [md5] });
      assert.equal(md5.digest('hex'), createHash('md5').update(bytes).digest('hex'));
    });

    it(`of ${size} bytes leaves nothing behind when its source fails`, async (t) => {
      const { blobs, directory } = await temporaryStore(t);
      const failure = new Error('the client went away');
      async function* source() {
        yield* chunksOf(bytesOf(size, size));
        throw failure;
      }
      await assert.rejects(blobs.write(source()), (error) => error === failure);
      assert.deepEqual(blobFiles(directory), []);
    });
  }

  it('is one file however often it is written, also at the same time', async (t) => {
    const { blobs, directory } = await temporaryStore(t);
    const bytes = bytesOf('same', 100_000);
    await Promise.all(Array.from({ length: 8 }, () => blobs.write(chunksOf(bytes))));
    assert.deepEqual(blobFiles(directory), [fileOf(directory, sha256(bytes))]);
  });

  it('may come in very many pieces', async (t) => {
    const { blobs } = await temporaryStore(t);
    const bytes = bytesOf('pieces', 40_000);
    const blob = await blobs.write(chunksOf(bytes, 3));
    assert.ok(bytes.equals(await readAll(blobs, [blob])));
  });

  it('is for its owner only', async (t) => {
    const { blobs, directory } = await temporaryStore(t);
    const { id } = await blobs.write(chunksOf(bytesOf('mode', 100_000)));
    assert.equal((await stat(fileOf(directory, id))).mode & 0o777, 0o600);
    assert.equal((await stat(join(directory, 'blobs'))).mode & 0o777, 0o700);
  });

  it('that is not there, is cut short or is a link is an error of the stream', async (t) => {
    const { blobs, directory } = await temporaryStore(t);
    const whole = await blobs.write(chunksOf(bytesOf('short', 100_000)));
    const path = fileOf(directory, whole.id);
    await truncate(path, 60_000);
    await assert.rejects(readAll(blobs, [whole]), (error) => isStoreFault(error) && error.kind === 'damaged');
    await rm(path);
    await assert.rejects(readAll(blobs, [whole]), (error) => isStoreFault(error) && error.kind === 'missing');
    await writeFile(join(directory, 'secret'), bytesOf('short', 100_000));
    await symlink(join(directory, 'secret'), path);
    await assert.rejects(readAll(blobs, [whole]), (error) => isStoreFault(error) && error.kind === 'io');
  });
});

describe('a range of parts', () => {
  it('is the same as of their bytes in one piece, for any parts and range', async (t) => {
    const { blobs } = await temporaryStore(t);
    // Around the limit between small blobs and files, and around what is read at once.
    const size = fc.oneof(fc.nat(40), fc.nat(40_000), fc.constantFrom(0, smallBlobLimit, smallBlobLimit + 1, 300_000));
    const written = new Map<string, WrittenBlob>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(size, { maxLength: 6 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (lengths, a, b) => {
          const contents = lengths.map((length) => bytesOf(length, length));
          const parts = await Promise.all(contents.map((bytes) => blobs.write(chunksOf(bytes, 9_999))));
          for (const part of parts) written.set(part.id, part);
          const all = Buffer.concat(contents);
          const [start, end] = [Math.floor(a * all.length), Math.floor(b * all.length)].sort((x, y) => x - y) as [
            number,
            number,
          ];
          assert.ok(all.subarray(start, end).equals(await readAll(blobs, parts, { start, end })));
          assert.ok(all.equals(await readAll(blobs, parts)));
        },
      ),
      { numRuns: 60 },
    );
    assert.ok(written.size > 10);
  });

  it('outside of the bytes is refused', async (t) => {
    const { blobs } = await temporaryStore(t);
    const blob = await blobs.write(chunksOf(bytesOf(1, 10)));
    for (const [start, end] of [
      [-1, 2],
      [3, 2],
      [0, 11],
      [Number.NaN, 3],
    ] as const) {
      assert.throws(() => blobs.read([blob], { start, end }), RangeError);
    }
  });
});

describe('a materialised object', () => {
  it('is one file with the bytes of all parts, made once and kept while its parts are', async (t) => {
    const store = await temporaryStore(t);
    const contents = [bytesOf(1, 10), bytesOf(2, 300_000), bytesOf(3, 50_000)];
    const parts = await putObject(store, 'a', contents);
    const file = await store.blobs.materialise(parts);
    assert.ok(Buffer.concat(contents).equals(await readFile(file.path)));
    file.release();
    assert.deepEqual(await store.blobs.collect(), { removed: 0, bytes: 0 });
    const { ino } = await stat(file.path);
    assert.equal((await stat((await store.blobs.materialise(parts)).path)).ino, ino);
    deleteObject(store, 'a');
  });

  it('of a single large part is the blob itself, of a small one a file beside the database', async (t) => {
    const store = await temporaryStore(t);
    for (const size of [0, 20, 100_000]) {
      const [part] = await putObject(store, `${size}`, [bytesOf(size, size)]);
      const { path, release } = await store.blobs.materialise([part!]);
      assert.equal(path, fileOf(store.directory, part!.id));
      assert.ok(bytesOf(size, size).equals(await readFile(path)));
      release();
    }
    assert.deepEqual(await store.blobs.collect(), { removed: 0, bytes: 0 });
    assert.deepEqual(await findingsOf(store), []);
  });

  it('goes with its parts, but not while it is in use', async (t) => {
    const store = await temporaryStore(t);
    const parts = await putObject(store, 'a', [bytesOf(1, 10), bytesOf(2, 50_000)]);
    const file = await store.blobs.materialise(parts);
    deleteObject(store, 'a');
    assert.equal((await store.blobs.collect()).removed, 2);
    assert.equal((await stat(file.path)).size, 50_010);
    file.release();
    assert.deepEqual(await store.blobs.collect(), { removed: 1, bytes: 50_010 });
    assert.deepEqual(blobFiles(store.directory), []);
  });

  it('is made again when its file has gone', async (t) => {
    const store = await temporaryStore(t);
    const parts = await putObject(store, 'a', [bytesOf(1, 10), bytesOf(2, 10)]);
    await rm((await store.blobs.materialise(parts)).path);
    assert.equal((await readFile((await store.blobs.materialise(parts)).path)).length, 20);
  });
});
