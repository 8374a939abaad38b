import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type FileSystem, nodeFileSystem } from './file-system.ts';
import {
  blobFiles,
  bytesOf,
  chunksOf,
  deleteObject,
  findingsOf,
  gate,
  putObject,
  readAll,
  temporaryStore,
} from './store.fixture.ts';

const none = () => new Set<string>();

describe('collection', () => {
  it('removes what nothing refers to, small and large, and nothing else', async (t) => {
    const store = await temporaryStore(t);
    const kept = await putObject(store, 'kept', [bytesOf(1, 100), bytesOf(2, 90_000)]);
    await putObject(store, 'gone', [bytesOf(3, 100), bytesOf(4, 80_000)]);
    // Shares both of its parts with an object that stays.
    await putObject(store, 'copy', [bytesOf(1, 100), bytesOf(2, 90_000)]);
    for (const key of ['gone', 'copy']) deleteObject(store, key);
    assert.deepEqual(await store.blobs.collect(), { removed: 2, bytes: 80_100 });
    assert.deepEqual(await store.blobs.collect(), { removed: 0, bytes: 0 });
    assert.equal((await readAll(store.blobs, kept)).length, 90_100);
    assert.deepEqual(await findingsOf(store), []);
  });

  it('asks whoever calls it, if told to', async (t) => {
    const { blobs } = await temporaryStore(t);
    const [a, b] = [await blobs.write(chunksOf(bytesOf(1, 50_000))), await blobs.write(chunksOf(bytesOf(2, 50_000)))];
    for (const { release } of [a, b]) release();
    assert.deepEqual(await blobs.collect((ids) => new Set(ids.filter((id) => id === a.id))), {
      removed: 1,
      bytes: 50_000,
    });
    assert.equal((await readAll(blobs, [a])).length, 50_000);
  });

  it('refuses to guess where no table declares what it needs', async (t) => {
    const { blobs } = await temporaryStore(t, { schemas: [{ name: 'plain', versions: ['CREATE TABLE plain (a)'] }] });
    await assert.rejects(blobs.collect(), /nothing tells which blobs are needed/);
  });

  for (const size of [500, 100_000]) {
    it(`leaves a blob of ${size} bytes that was written and is not referred to yet`, async (t) => {
      const store = await temporaryStore(t);
      const blob = await store.blobs.write(chunksOf(bytesOf(1, size)));
      // Takes the small one along into the database.
      await putObject(store, 'other', [bytesOf(2, 10)]);
      assert.equal((await store.blobs.collect()).removed, 0);
      assert.ok(bytesOf(1, size).equals(await readAll(store.blobs, [blob])));
      const again = await store.blobs.write(chunksOf(bytesOf(1, size)));
      for (let times = 0; times < 3; times++) blob.release();
      assert.equal((await store.blobs.collect()).removed, 0);
      again.release();
      assert.equal((await store.blobs.collect()).removed, 1);
      await assert.rejects(readAll(store.blobs, [blob]), { name: 'StoreFault', kind: 'missing' });
    });
  }

  it('leaves what is pinned', async (t) => {
    const store = await temporaryStore(t);
    const parts = await putObject(store, 'a', [bytesOf(1, 10), bytesOf(2, 50_000)]);
    const release = store.blobs.pin(parts);
    deleteObject(store, 'a');
    assert.equal((await store.blobs.collect()).removed, 0);
    release();
    assert.equal((await store.blobs.collect()).removed, 2);
  });

  it('forgets a small blob that was let go before any commit', async (t) => {
    const store = await temporaryStore(t);
    (await store.blobs.write(chunksOf(bytesOf(1, 10)))).release();
    await putObject(store, 'other', [bytesOf(2, 10)]);
    assert.equal((await store.blobs.collect()).removed, 0);
  });

  it('leaves a blob that is being read until the stream ends, or is destroyed unread', async (t) => {
    const store = await temporaryStore(t);
    const parts = await putObject(store, 'a', [bytesOf(1, 10), bytesOf(2, 2_000_000)]);
    const streams = [store.blobs.read(parts), store.blobs.read(parts)];
    deleteObject(store, 'a');
    let length = 0;
    for await (const chunk of streams[0]!) {
      if (length === 0) assert.equal((await store.blobs.collect()).removed, 0);
      length += chunk.length;
    }
    assert.equal(length, 2_000_010);
    assert.equal((await store.blobs.collect()).removed, 0);
    await once(streams[1]!.destroy(), 'close');
    assert.equal((await store.blobs.collect()).removed, 2);
  });

  it('makes whoever brings the same bytes again wait until they are gone', async (t) => {
    const removal = gate();
    const reached = gate();
    let complete = (): void => {};
    const files: FileSystem = {
      ...nodeFileSystem,
      remove: async (path) => {
        reached.open();
        await removal.passed;
        await nodeFileSystem.remove(path);
      },
      create: async (path) => {
        const file = await nodeFileSystem.create(path);
        return {
          ...file,
          close: async () => {
            await file.close();
            complete();
          },
        };
      },
    };
    const store = await temporaryStore(t, { files });
    const bytes = bytesOf(1, 100_000);
    (await store.blobs.write(chunksOf(bytes))).release();
    const collected = store.blobs.collect();
    await reached.passed;
    // All that is left to do then is the rename: at once, if nothing held it back, and the removal would take the new file.
    complete = () => setImmediate(removal.open);
    const put = putObject(store, 'again', [bytes]);
    assert.equal((await collected).removed, 1);
    assert.ok(bytes.equals(await readAll(store.blobs, await put)));
    assert.deepEqual(await findingsOf(store), []);
  });

  it('never takes what is written, copied and deleted at the same time', async (t) => {
    const store = await temporaryStore(t);
    let writing = true;
    const collecting = (async () => {
      while (writing) await store.blobs.collect();
    })();
    const work = async (worker: number): Promise<void> => {
      for (let round = 0; round < 25; round++) {
        // Few different contents, so that workers bring what others have just let go.
        const contents = [round, round + 1].map((seed) => bytesOf(seed % 5, seed % 2 ? 100 : 40_000));
        const parts = await putObject(store, `${worker}`, contents);
        assert.ok(Buffer.concat(contents).equals(await readAll(store.blobs, parts)));
        if (round % 3 === 0) deleteObject(store, `${worker}`);
      }
    };
    await Promise.all([1, 2, 3, 4].map(work));
    writing = false;
    await collecting;
    for (const worker of [1, 2, 3, 4]) deleteObject(store, `${worker}`);
    await store.blobs.collect(none);
    assert.deepEqual(await findingsOf(store), []);
    assert.deepEqual(blobFiles(store.directory), []);
  });

  it('removes what processes left half-written, at the start and later, but not what is being written', async (t) => {
    const first = await temporaryStore(t);
    const left = join(first.directory, 'blobs', 'incoming', 'left-behind');
    await writeFile(left, 'half');
    const resumed = gate();
    async function* slow() {
      yield bytesOf(1, 2_000_000);
      await resumed.passed;
      yield bytesOf(2, 10);
    }
    const writing = first.blobs.write(slow());
    while (blobFiles(first.directory).length < 2) await new Promise(setImmediate);
    await first.blobs.collect();
    assert.equal(blobFiles(first.directory).length, 1);
    resumed.open();
    assert.equal((await writing).size, 2_000_010);
    await writeFile(left, 'half');
    await first.close();
    const second = await temporaryStore(t, { directory: first.directory });
    assert.equal(blobFiles(second.directory).length, 1);
  });
});
