import type { BlobFile, BlobId, Part } from './blobs.ts';
import { blobPath } from './layout.ts';
import { readBlobs } from './read.ts';
import type { Residence } from './residence.ts';
import { writeBlob } from './write.ts';

/** See Blobs.materialise. A single part that is a file is that file; else the joined bytes become a blob, and a row remembers which. */
export async function materialise(residence: Residence, parts: readonly Part[]): Promise<BlobFile> {
  const ids = parts.map(({ id }) => id);
  const releases = ids.map((id) => residence.pins.pin(id));
  try {
    const known = ids.length === 1 ? ids[0] : joinedBlob(residence, ids);
    if (known !== undefined) {
      const release = residence.pins.pin(known);
      if ((await residence.files.size(blobPath(residence.layout, known))) !== undefined) {
        return { path: blobPath(residence.layout, known), release };
      }
      release();
    }
    return await join(residence, parts, ids);
  } finally {
    for (const release of releases) release();
  }
}

function joinedBlob({ database }: Residence, ids: readonly BlobId[]): BlobId | undefined {
  return database.get<{ blob: BlobId }>('SELECT blob FROM joined_blobs WHERE parts = ?', JSON.stringify(ids))?.blob;
}

async function join(residence: Residence, parts: readonly Part[], ids: readonly BlobId[]): Promise<BlobFile> {
  const { id, release } = await writeBlob(residence, readBlobs(residence, parts), { asFile: true });
  try {
    if (ids.length !== 1) {
      residence.database.run(
        'INSERT OR REPLACE INTO joined_blobs (parts, blob) VALUES (?, ?)',
        JSON.stringify(ids),
        id,
      );
    }
    return { path: blobPath(residence.layout, id), release };
  } catch (error) {
    release();
    throw error;
  }
}
