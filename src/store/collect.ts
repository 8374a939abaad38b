import { join } from 'node:path';
import type { BlobId, IsReferenced } from './blobs.ts';
import { blobPath, isShard } from './layout.ts';
import { withJoined } from './references.ts';
import type { Residence } from './residence.ts';

/** Blobs decided on at once: a few milliseconds of this thread. */
const batchSize = 500;

export interface Collected {
  removed: number;
  bytes: number;
}

/** See Blobs.collect. */
export async function collectBlobs(residence: Residence, isReferenced: IsReferenced): Promise<Collected> {
  const total: Collected = { removed: 0, bytes: 0 };
  await removeAbandoned(residence);
  forgetJoined(residence, isReferenced);
  const isNeeded = withJoined(residence.database, isReferenced);
  await collectSmall(residence, isNeeded, total);
  for await (const ids of storedFiles(residence)) await collectFiles(residence, { ids, isNeeded, total });
  return total;
}

/** Files in `incoming` that this process is not writing: those who did are dead, as the state has one user at a time. */
export async function removeAbandoned({ layout, files, incoming }: Residence): Promise<void> {
  for (const name of await files.list(layout.incoming)) {
    if (!incoming.has(name)) await files.remove(join(layout.incoming, name));
  }
}

/** A joined file is kept while all of its parts are. */
function forgetJoined({ database, pins }: Residence, isReferenced: IsReferenced): void {
  database.transaction(() => {
    for (const { parts } of database.all<{ parts: string }>('SELECT parts FROM joined_blobs')) {
      const ids = JSON.parse(parts) as BlobId[];
      const needed = isReferenced(ids);
      const isKept = ids.every((id) => needed.has(id) || pins.isPinned(id));
      if (!isKept) database.run('DELETE FROM joined_blobs WHERE parts = ?', parts);
    }
  });
}

async function collectSmall(
  { small, pins, database }: Residence,
  isNeeded: IsReferenced,
  total: Collected,
): Promise<void> {
  let after = '';
  for (let page = small.list(after); page.length > 0; page = small.list(after)) {
    after = page.at(-1)!.id;
    database.transaction(() => {
      const loose = page.filter(({ id }) => !pins.isPinned(id));
      const needed = isNeeded(loose.map(({ id }) => id));
      for (const { id, size } of loose) {
        if (needed.has(id)) continue;
        small.remove(id);
        total.removed++;
        total.bytes += size;
      }
    });
    await new Promise(setImmediate);
  }
}

/** Ids of the blobs that are files, in batches. Names that are no blob's are left alone. */
export async function* storedFiles({ layout, files }: Residence): AsyncGenerator<BlobId[]> {
  for (const prefix of (await files.list(layout.blobs)).filter(isShard)) {
    const names = (await files.list(join(layout.blobs, prefix))).filter((name) => /^[0-9a-f]{62}$/.test(name));
    for (let at = 0; at < names.length; at += batchSize) {
      yield names.slice(at, at + batchSize).map((name) => prefix + name);
    }
  }
}

interface Batch {
  readonly ids: readonly BlobId[];
  readonly isNeeded: IsReferenced;
  readonly total: Collected;
}

/**
 * Pins are looked at, references asked for and the rest marked in one turn of the event loop, so nobody can begin to use a blob
 * between. From then on whoever brings the same bytes again waits for the removal.
 */
async function collectFiles(residence: Residence, { ids, isNeeded, total }: Batch): Promise<void> {
  const { pins, removals, files, layout } = residence;
  const loose = ids.filter((id) => !pins.isPinned(id));
  const needed = isNeeded(loose);
  const condemned = loose.filter((id) => !needed.has(id));
  const removing = condemned.map((id) => {
    const removal = (async () => {
      const path = blobPath(layout, id);
      const size = await files.size(path);
      await files.remove(path);
      total.removed++;
      total.bytes += size ?? 0;
    })();
    const settled = removal.catch(() => {}).finally(() => removals.delete(id));
    removals.set(id, settled);
    return removal;
  });
  const failed = (await Promise.allSettled(removing)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
