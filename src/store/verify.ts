import { createHash } from 'node:crypto';
import type { BlobFinding, BlobId, IsReferenced } from './blobs.ts';
import { storedFiles } from './collect.ts';
import type { ReadableFile } from './file-system.ts';
import { blobPath } from './layout.ts';
import { declaredReferences, referencesQuery, withJoined } from './references.ts';
import type { Residence } from './residence.ts';

const readSize = 1 << 20;

/** See Blobs.verify. What happens while it runs may be reported or not, so it is for a state that is not in use. */
export async function* verifyBlobs(residence: Residence): AsyncGenerator<BlobFinding> {
  const query = referencesQuery(residence.database);
  const isNeeded =
    query === undefined ? undefined : withJoined(residence.database, declaredReferences(residence.database));
  let after = '';
  for (let page = residence.small.list(after); page.length > 0; page = residence.small.list(after)) {
    after = page.at(-1)!.id;
    const ids = page.map(({ id }) => id);
    for (const id of ids) {
      const actual = createHash('sha256').update(residence.small.get(id)!).digest('hex');
      if (actual !== id)
        yield {
          kind: 'damaged',
          id,
          place: 'database',
          detail: `its bytes in the database have the SHA-256 ${actual}`,
        };
    }
    yield* orphans(ids, residence, isNeeded);
  }
  for await (const ids of storedFiles(residence)) {
    for (const id of ids) yield* checkFile(residence, id);
    yield* orphans(ids, residence, isNeeded);
  }
  if (query !== undefined) yield* missing(residence, query);
}

function* orphans(ids: readonly BlobId[], { pins }: Residence, isNeeded?: IsReferenced): Generator<BlobFinding> {
  const needed = isNeeded?.(ids);
  if (needed === undefined) return;
  for (const id of ids) {
    if (!needed.has(id) && !pins.isPinned(id)) yield { kind: 'orphan', id, detail: 'nothing refers to it' };
  }
}

async function* checkFile({ files, layout }: Residence, id: BlobId): AsyncGenerator<BlobFinding> {
  const file = await files.open(blobPath(layout, id));
  try {
    const { sha256, size } = await digest(file);
    if (sha256 !== id)
      yield { kind: 'damaged', id, place: 'file', detail: `its ${size} bytes have the SHA-256 ${sha256}` };
  } catch (error) {
    yield { kind: 'damaged', id, place: 'file', detail: `it cannot be read: ${(error as Error).message}` };
  } finally {
    await file.close();
  }
}

async function digest(file: ReadableFile): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  const target = Buffer.allocUnsafeSlow(readSize);
  let size = 0;
  for (let taken = await file.read(target, 0); taken > 0; taken = await file.read(target, size)) {
    hash.update(target.subarray(0, taken));
    size += taken;
  }
  return { sha256: hash.digest('hex'), size };
}

/** What is referred to, page by page, against what is there. */
async function* missing({ database, small, files, layout }: Residence, query: string): AsyncGenerator<BlobFinding> {
  const sql = `SELECT DISTINCT id FROM (${query}) WHERE id > ? ORDER BY id LIMIT 500`;
  const next = (after: BlobId): BlobId[] => database.all<{ id: BlobId }>(sql, after).map(({ id }) => id);
  for (let ids = next(''); ids.length > 0; ids = next(ids.at(-1)!)) {
    for (const id of ids) {
      if (small.get(id) !== undefined || (await files.size(blobPath(layout, id))) !== undefined) continue;
      yield { kind: 'missing', id, detail: 'something refers to it' };
    }
  }
}
