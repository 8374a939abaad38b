import { createHash, type Hash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { isWhippetError, userError } from '../errors/index.ts';

/** What is known of the file that a `.part` holds the beginning of: kept beside it as `.part.json`. */
export interface PartRecord {
  readonly etag?: string;
  readonly lastModified?: string;
  /** Bytes of the whole file, where the server said it. */
  readonly total?: number;
}

/** The growing beginning of a download. It survives the process; only `finish` and `discard` end it. */
export interface PartFile {
  /** Bytes held. */
  readonly length: number;
  readonly record: PartRecord | undefined;
  /** True while it holds bytes that an earlier run received. */
  readonly inherited: boolean;
  /** Forgets what is held and starts a new file. */
  restart(record: PartRecord): Promise<void>;
  append(chunk: Uint8Array): Promise<void>;
  /** SHA-256 of all bytes held, hex. */
  sha256(): string;
  /** @throws WHIPPET_NET_DISK_FULL when `bytes` more would not fit. */
  reserve(bytes: number): Promise<void>;
  /** Synced, then renamed to the destination in one step. */
  finish(): Promise<void>;
  discard(): Promise<void>;
  /** Ends the work and keeps what was received. */
  close(): Promise<void>;
}

/** Tells apart two downloads in one process from a lock left behind by a process that had the same id. */
const ownToken = randomUUID();

/**
 * Opens `DESTINATION.part`, with what an earlier run left of the same `source` (a digest of the address, which may hold secrets). While another live process holds it, a
 * separate part of our own is used, so that two downloads never write into one file.
 * @throws WHIPPET_NET_DISK, WHIPPET_NET_DISK_FULL
 */
export async function openPartFile(destination: string, source: string): Promise<PartFile> {
  return diskErrors(destination, 0, async () => {
    await mkdir(dirname(destination), { recursive: true });
    const lock = `${destination}.part.lock`;
    const owned = await claim(lock);
    const path = owned ? `${destination}.part` : `${destination}.${randomUUID()}.part`;
    const record = owned ? await readRecord(`${path}.json`, source) : undefined;
    const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o644);
    try {
      if (!record) await handle.truncate(0);
      const hash = createHash('sha256');
      const length = record ? await hashHeld(handle, hash) : 0;
      const release = async (): Promise<void> => {
        for (const file of owned ? [lock] : [path, `${path}.json`]) await rm(file, { force: true });
      };
      return partFile({ destination, path, source, handle, hash, length, record, inherited: length > 0, release });
    } catch (error) {
      await handle.close();
      throw error;
    }
  });
}

interface PartState {
  readonly destination: string;
  readonly path: string;
  readonly source: string;
  readonly handle: FileHandle;
  readonly release: () => Promise<void>;
  hash: Hash;
  length: number;
  record: PartRecord | undefined;
  inherited: boolean;
}

function partFile(state: PartState): PartFile {
  const { destination, path, handle } = state;
  const guarded = <T>(needed: number, work: () => Promise<T>): Promise<T> => diskErrors(destination, needed, work);
  let open = true;
  const remove = async (): Promise<void> => {
    for (const file of [path, `${path}.json`]) await rm(file, { force: true });
  };
  const close = async (): Promise<void> => {
    if (!open) return;
    open = false;
    await handle.close();
    if (state.length === 0) await remove();
    await state.release();
  };
  return {
    get length() {
      return state.length;
    },
    get record() {
      return state.record;
    },
    get inherited() {
      return state.inherited;
    },
    restart: (record) =>
      guarded(record.total ?? 0, async () => {
        if (state.length > 0) await handle.truncate(0);
        state.length = 0;
        state.hash = createHash('sha256');
        state.record = record;
        state.inherited = false;
        await writeFile(`${path}.json`, JSON.stringify({ source: state.source, ...record }));
      }),
    append: (chunk) =>
      guarded(chunk.length, async () => {
        for (let written = 0; written < chunk.length; ) {
          const { bytesWritten } = await handle.write(chunk, written, chunk.length - written, state.length + written);
          written += bytesWritten;
        }
        state.hash.update(chunk);
        state.length += chunk.length;
      }),
    sha256: () => state.hash.copy().digest('hex'),
    reserve: (bytes) =>
      guarded(bytes, async () => {
        const { bavail, bsize } = await statfs(dirname(destination));
        if (bavail * bsize < bytes) throw userError('WHIPPET_NET_DISK_FULL', { path: destination, needed: bytes });
      }),
    finish: () =>
      guarded(0, async () => {
        await handle.sync();
        await rename(path, destination);
        await rm(`${path}.json`, { force: true });
        await syncFolder(dirname(destination));
        await close();
      }),
    discard: () =>
      guarded(0, async () => {
        await handle.truncate(0);
        await remove();
        await close();
      }),
    close,
  };
}

/** True when the part is ours now. The lock names a process; one that no longer lives does not count. */
async function claim(lock: string): Promise<boolean> {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      await writeFile(lock, `${process.pid} ${ownToken}`, { flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const [pid, token] = (await readFile(lock, 'utf8').catch(() => '')).split(' ');
    const isOurs = Number(pid) === process.pid;
    if (isOurs ? token === ownToken : isAlive(Number(pid))) return false;
    await rm(lock, { force: true });
  }
  return false;
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Someone else's process may not be signalled, but it lives.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The record of an earlier run, if it is of the same source and can be checked when it is continued. */
async function readRecord(path: string, source: string): Promise<PartRecord | undefined> {
  try {
    const { source: recorded, ...record } = JSON.parse(await readFile(path, 'utf8')) as PartRecord & { source: string };
    return recorded === source ? record : undefined;
  } catch {
    return undefined;
  }
}

async function hashHeld(handle: FileHandle, hash: Hash): Promise<number> {
  const { size } = await handle.stat();
  const buffer = Buffer.allocUnsafe(1 << 20);
  let length = 0;
  while (length < size) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, size - length), length);
    if (bytesRead === 0) break;
    hash.update(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
  return length;
}

/** A rename is durable once its folder is. Not every file system lets a folder be synced; then nothing is lost but the guarantee. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().catch(() => undefined);
  await folder.close();
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'its name is too long',
  EIO: 'the disk reports an error',
};

async function diskErrors<T>(path: string, needed: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isWhippetError(error)) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw userError('WHIPPET_NET_DISK_FULL', { path, needed }, error);
    if (code === undefined) throw error;
    throw userError('WHIPPET_NET_DISK', { path, reason: reasons[code] ?? `${basename(path)}: ${code}` }, error);
  }
}
