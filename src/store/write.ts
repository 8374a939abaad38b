import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { BlobId, WriteOptions, WrittenBlob } from './blobs.ts';
import { fileFault } from './fault.ts';
import type { WritableFile } from './file-system.ts';
import { blobPath, shardOf } from './layout.ts';
import type { Residence } from './residence.ts';

/**
 * Blobs up to this size go into the database. Measured with a row committed for each (ext4 on NVMe, synchronous=FULL), one at a time:
 * 16 kB in 0.20 ms against 0.55 ms as a file; 64 kB 0.26 against 0.65. With ten at a time files catch up at 64 kB, as their bytes are
 * written once and not on the main thread.
 */
export const smallBlobLimit = 32 << 10;

/** Bytes given to the disk at once. */
const writeSize = 1 << 20;
/** Or so many chunks, however small they are. */
const writeCount = 1024;

export interface IncomingOptions extends WriteOptions {
  /** Also where it is small: for whoever needs a path. */
  readonly asFile?: boolean;
}

/** See Blobs.write. */
export async function writeBlob(
  residence: Residence,
  source: AsyncIterable<Uint8Array>,
  { sinks = [], asFile = false }: IncomingOptions = {},
): Promise<WrittenBlob> {
  const hash = createHash('sha256');
  const limit = asFile ? -1 : smallBlobLimit;
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let size = 0;
  let file: IncomingFile | undefined;
  try {
    if (asFile) file = await createIncoming(residence);
    for await (const chunk of source) {
      if (chunk.length === 0) continue;
      held.push(chunk);
      heldBytes += chunk.length;
      size += chunk.length;
      if (size > limit) file ??= await createIncoming(residence);
      if (file && (heldBytes >= writeSize || held.length >= writeCount)) {
        await file.append(held);
        held = [];
        heldBytes = 0;
      }
      // After the write began, so that the disk works while this thread hashes.
      hash.update(chunk);
      for (const sink of sinks) sink.update(chunk);
    }
    const id = hash.digest('hex');
    if (!file) return await stageSmall(residence, { id, size, bytes: Buffer.concat(held) });
    await file.append(held);
    return await file.settle(id, size);
  } catch (error) {
    await file?.abandon();
    throw fileFault(error, 'the blob');
  }
}

/** Pinned at the moment from which nobody removes it any more. */
async function pinSafely({ removals, pins }: Residence, id: BlobId): Promise<() => void> {
  for (let removal = removals.get(id); removal; removal = removals.get(id)) await removal;
  return pins.pin(id);
}

async function stageSmall(
  residence: Residence,
  { id, size, bytes }: { id: BlobId; size: number; bytes: Uint8Array },
): Promise<WrittenBlob> {
  const release = await pinSafely(residence, id);
  residence.small.stage(id, bytes);
  return { id, size, release };
}

interface IncomingFile {
  /** Begins to write; waits for the write before. */
  append(chunks: readonly Uint8Array[]): Promise<void>;
  /** Synced, renamed, and the folder synced: then it is there for good. */
  settle(id: BlobId, size: number): Promise<WrittenBlob>;
  abandon(): Promise<void>;
}

async function createIncoming(residence: Residence): Promise<IncomingFile> {
  const { layout, files, incoming } = residence;
  const name = randomUUID();
  const path = join(layout.incoming, name);
  incoming.add(name);
  let file: WritableFile | undefined;
  let writing: Promise<number> = Promise.resolve(0);
  let position = 0;
  const close = async (): Promise<void> => {
    const open = file;
    file = undefined;
    await open?.close();
  };
  const abandon = async (): Promise<void> => {
    await writing.catch(() => {});
    // A disk that fails here has already said so; the file is found and removed by the next collection.
    await close().catch(() => {});
    await files.remove(path).catch(() => {});
    incoming.delete(name);
  };
  try {
    file = await files.create(path);
  } catch (error) {
    await abandon();
    throw error;
  }
  return {
    async append(chunks) {
      position = await writing.then((written) => position + written);
      writing = writeAll(file!, chunks, position);
      // It is awaited by the next step; until then a failure is nobody's.
      writing.catch(() => {});
    },
    async settle(id, size) {
      await writing;
      await file!.sync();
      await close();
      const release = await pinSafely(residence, id);
      try {
        await makeShard(residence, id);
        await files.rename(path, blobPath(layout, id));
        await files.syncFolder(shardOf(layout, id));
      } catch (error) {
        release();
        throw error;
      }
      incoming.delete(name);
      return { id, size, release };
    },
    abandon,
  };
}

/** A folder is made for good before there is anything in it. */
async function makeShard({ shards, files, layout }: Residence, id: BlobId): Promise<void> {
  const name = id.slice(0, 2);
  if (shards.has(name)) return;
  await files.makeFolder(shardOf(layout, id));
  await files.syncFolder(layout.blobs);
  shards.add(name);
}

/** @returns bytes written: all of them, in as many writes as the disk wants. */
async function writeAll(file: WritableFile, chunks: readonly Uint8Array[], position: number): Promise<number> {
  let left = chunks;
  let written = 0;
  while (left.length > 0) {
    let taken = await file.write(left, position + written);
    if (taken === 0)
      throw Object.assign(new Error('ENOSPC: nothing was written'), { code: 'ENOSPC', syscall: 'write' });
    written += taken;
    let first = 0;
    while (first < left.length && taken >= left[first]!.length) taken -= left[first++]!.length;
    left = left.slice(first);
    if (taken > 0) left = [left[0]!.subarray(taken), ...left.slice(1)];
  }
  return written;
}
