import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { seededRandom } from '../random/index.ts';
import type { BlobFinding, Blobs, Part } from './blobs.ts';
import type { TableSchema } from './schema.ts';
import { openStore, type Store, type StoreOptions } from './store.ts';

/** For tests: objects by key, each a list of parts as JSON. */
export const objects: TableSchema = {
  name: 'objects',
  versions: ['CREATE TABLE objects (key TEXT PRIMARY KEY, parts TEXT NOT NULL) STRICT'],
  blobReferences: `SELECT json_extract(part.value, '$.id') AS id FROM objects, json_each(objects.parts) AS part`,
};

export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'whippet-store-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A store in a folder of its own, which does not wait for the disk unless told to. */
export async function temporaryStore(t: TestContext, options: Partial<StoreOptions> = {}): Promise<Store> {
  const directory = options.directory ?? (await temporaryFolder(t));
  const store = await openStore({ schemas: [objects], durability: 'memory', ...options, directory });
  t.after(() => store.close());
  return store;
}

/** The same bytes for the same seed. */
export function bytesOf(seed: number | string, size: number): Buffer {
  const random = seededRandom(seed);
  // A block repeated, each time with its number: random enough for contents to differ, and quick to make.
  const block = Buffer.from(Uint8Array.from({ length: 256 }, () => random.integer(256)));
  const bytes = Buffer.alloc(size, block);
  for (let at = 0; at + 4 <= size; at += block.length) bytes.writeUInt32LE(at, at);
  return bytes;
}

export async function* chunksOf(bytes: Uint8Array, size = 64 << 10): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export async function readAll(
  blobs: Blobs,
  parts: readonly Part[],
  range?: { start: number; end: number },
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of blobs.read(parts, range)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Writes the parts and commits the row that refers to them. Resolves when it is acknowledged. */
export async function putObject(store: Store, key: string, parts: readonly Uint8Array[]): Promise<Part[]> {
  const written = [];
  try {
    for (const part of parts) written.push(await store.blobs.write(chunksOf(part)));
    const refs = written.map(({ id, size }) => ({ id, size }));
    store.database.run('INSERT OR REPLACE INTO objects (key, parts) VALUES (?, ?)', key, JSON.stringify(refs));
    return refs;
  } finally {
    for (const { release } of written) release();
  }
}

export function deleteObject(store: Store, key: string): void {
  store.database.run('DELETE FROM objects WHERE key = ?', key);
}

export function partsOf(store: Store, key: string): Part[] | undefined {
  const row = store.database.get<{ parts: string }>('SELECT parts FROM objects WHERE key = ?', key);
  return row && (JSON.parse(row.parts) as Part[]);
}

export async function findingsOf(store: Store): Promise<BlobFinding[]> {
  const findings: BlobFinding[] = [];
  for await (const finding of store.blobs.verify()) findings.push(finding);
  return findings;
}

/** Paths below the blobs' folder, of files only: whole blobs and those being written. */
export function blobFiles(directory: string): string[] {
  const entries = readdirSync(join(directory, 'blobs'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Lets a test decide when something goes on. */
export function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}
