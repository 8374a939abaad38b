import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { isWhippetError } from '../errors/index.ts';
import type { Part } from './blobs.ts';
import { isStoreFault } from './fault.ts';
import { type Fault, type FaultyFileSystem, faultyFileSystem } from './faulty-files.fixture.ts';
import { nodeFileSystem } from './file-system.ts';
import {
  blobFiles,
  bytesOf,
  deleteObject,
  findingsOf,
  objects,
  partsOf,
  putObject,
  readAll,
  temporaryFolder,
  temporaryStore,
} from './store.fixture.ts';
import { openStore, type Store } from './store.ts';

const contents: Readonly<Record<string, readonly Buffer[]>> = {
  small: [bytesOf('small', 300)],
  large: [bytesOf('large', 1_100_000)],
  parts: [bytesOf('first', 40_000), bytesOf('last', 20)],
  again: [bytesOf('large', 1_100_000), bytesOf('small', 300)],
  gone: [bytesOf('gone', 50_000)],
};

interface Outcome {
  /** What the caller was told is there. */
  readonly acknowledged: Map<string, Part[]>;
  readonly errors: unknown[];
}

/** Everything that touches files, each step on its own, as requests are. */
async function work(store: Store): Promise<Outcome> {
  const outcome: Outcome = { acknowledged: new Map(), errors: [] };
  const step = async (run: () => Promise<unknown>): Promise<void> => {
    await run().catch((error: unknown) => outcome.errors.push(error));
  };
  for (const [key, bytes] of Object.entries(contents)) {
    await step(async () => outcome.acknowledged.set(key, await putObject(store, key, bytes)));
  }
  await step(async () => readAll(store.blobs, partsOf(store, 'parts') ?? []));
  await step(async () => (await store.blobs.materialise(partsOf(store, 'parts') ?? [])).release());
  deleteObject(store, 'gone');
  outcome.acknowledged.delete('gone');
  await step(() => store.blobs.collect());
  return outcome;
}

/** All that was acknowledged is whole, every row has its blobs, and collection leaves nothing that nobody needs. */
async function assertWhole(store: Store, acknowledged: ReadonlyMap<string, Part[]>): Promise<void> {
  for (const [key, parts] of acknowledged) {
    assert.deepEqual(partsOf(store, key), parts);
    assert.ok(Buffer.concat(contents[key]!).equals(await readAll(store.blobs, parts)), key);
  }
  await store.blobs.collect();
  assert.deepEqual(await findingsOf(store), []);
  const needed = new Set<string>();
  for (const { id } of store.database.iterate<{ id: string }>(objects.blobReferences!)) needed.add(id);
  for (const { id } of store.database.iterate<{ id: string }>('SELECT blob AS id FROM joined_blobs')) needed.add(id);
  for (const path of blobFiles(store.directory)) {
    const id = path.split('/').slice(-2).join('');
    assert.ok(needed.has(id), `${path} belongs to nobody`);
  }
}

/**
 * Runs `attempt` with the fault at every one of the operations concerned that the work consists of.
 * @returns the operations that met the fault
 */
async function atEach(
  t: TestContext,
  concerned: readonly string[],
  attempt: (at: number) => Promise<string | undefined>,
): Promise<string[]> {
  const { store, files } = await faultyStore(t);
  const before = files.operations.length;
  assert.deepEqual((await work(store)).errors, []);
  const names = files.operations.slice(before);
  const met: string[] = [];
  for (const [index, name] of names.entries()) {
    if (!concerned.includes(name)) continue;
    const operation = await attempt(index + 1);
    if (operation !== undefined) met.push(operation);
  }
  return met;
}

async function faultyStore(t: TestContext): Promise<{ store: Store; files: FaultyFileSystem; directory: string }> {
  const files = faultyFileSystem(nodeFileSystem);
  const directory = await temporaryFolder(t);
  return { store: await temporaryStore(t, { directory, files, durability: 'full' }), files, directory };
}

const writing = ['close', 'create', 'makeFolder', 'rename', 'sync', 'syncFolder', 'write'];
/** After these a power loss finds something changed. */
const changing = [...writing, 'remove'].sort();
const all = [...writing, 'list', 'open', 'read', 'remove', 'size'].sort();

describe('a file operation that fails', () => {
  for (const [fault, kind, concerned] of [
    ['ENOSPC', 'full', writing],
    ['EIO', 'io', all],
  ] as const) {
    it(`with ${fault}, whichever it is, fails one step and harms nothing else`, async (t) => {
      const operations = await atEach(t, concerned, async (at) => {
        const { store, files } = await faultyStore(t);
        files.arm(fault, at);
        const { acknowledged, errors } = await work(store);
        assert.ok(errors.length <= 2, `${files.met}: ${errors.join(', ')}`);
        for (const error of errors) assert.ok(isStoreFault(error) && error.kind === kind, `${files.met}: ${error}`);
        await assertWhole(store, acknowledged);
        await store.close();
        return files.met;
      });
      assert.deepEqual([...new Set(operations)].sort(), concerned);
    });
  }

  it('by taking half of the bytes only costs another write', async (t) => {
    const operations = await atEach(t, ['write'], async (at) => {
      const { store, files } = await faultyStore(t);
      files.arm('short', at);
      const { acknowledged, errors } = await work(store);
      assert.deepEqual(errors, []);
      assert.equal(acknowledged.size, 4);
      await assertWhole(store, acknowledged);
      await store.close();
      return files.met;
    });
    assert.ok(operations.length > 5);
  });

  it("while a state is opened is the user's to know, and the next start works", async (t) => {
    const directory = await temporaryFolder(t);
    const faults: Fault[] = ['ENOSPC', 'EIO'];
    for (const fault of faults) {
      for (const at of [1, 2, 3, 4, 5, 6, 7]) {
        const folder = `${directory}/${fault}${at}`;
        const files = faultyFileSystem(nodeFileSystem);
        files.arm(fault, at);
        const failed = await openStore({ directory: folder, schemas: [objects], files }).catch(
          (error: unknown) => error,
        );
        assert.ok(isWhippetError(failed) && failed.code === 'WHIPPET_STORE_DIRECTORY', `${at}: ${failed}`);
        await (await openStore({ directory: folder, schemas: [objects], files })).close();
      }
    }
  });
});

describe('a power loss', () => {
  it('at any operation loses nothing that was acknowledged', async (t) => {
    const operations = await atEach(t, changing, async (at) => {
      const { store, files, directory } = await faultyStore(t);
      files.arm('crash', at);
      const { acknowledged } = await work(store);
      await store.close();
      await files.losePower();
      const again = await temporaryStore(t, { directory, durability: 'full' });
      await assertWhole(again, acknowledged);
      await again.close();
      return files.met;
    });
    assert.deepEqual([...new Set(operations)].sort(), changing);
  });
});
