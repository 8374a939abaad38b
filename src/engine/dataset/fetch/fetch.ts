import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isWhippetError, userError } from '../../../errors/index.ts';
import { type DownloadEvent, type DownloadResult, download, type ProxySettings } from '../../../net/index.ts';
import type { Listener } from '../../events.ts';
import { type FetchLock, lockPath, readLock, writeLock } from './lock.ts';
import { type FetchableDataset, fetchableDatasets, findFetchable } from './registry.ts';
import { unpack } from './unpack.ts';

export interface FetchOptions {
  /** As in HTTPS_PROXY and its kin. */
  readonly proxy?: ProxySettings | undefined;
  /** Base URL that takes the place of the origin's. */
  readonly mirror?: string | undefined;
  readonly onEvent?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What can be fetched. Default: `fetchableDatasets`. */
  readonly known?: readonly FetchableDataset[] | undefined;
}

export interface FetchedDataset {
  readonly name: string;
  /** Absolute path. */
  readonly directory: string;
  /** Absolute path of the file that pins the archive. */
  readonly lock: string;
  readonly files: number;
  /** Unpacked. */
  readonly bytes: number;
  /** The directory held it already, and nothing was fetched. */
  readonly reused: boolean;
}

/**
 * Downloads and unpacks a data set by name into `directory`, which appears whole or not at all. `DIRECTORY.lock.json` records the
 * archive's SHA-256 the first time; another content is refused later. Interrupted, it continues; done, it does nothing.
 * @throws WHIPPET_DATASET_FETCH_*, WHIPPET_DATASET_ARCHIVE, WHIPPET_NET_*; the signal's reason when aborted.
 */
export async function fetchDataset(
  name: string,
  directory: string,
  options: FetchOptions = {},
): Promise<FetchedDataset> {
  const dataset = findFetchable(name, options.known ?? fetchableDatasets);
  const target = resolve(directory);
  const path = lockPath(target);
  const lock = await readLock(path, name);
  const result = { name, directory: target, lock: path };
  if (await isPresent(target, lock)) {
    return { ...result, files: lock!.unpacked.files, bytes: lock!.unpacked.bytes, reused: true };
  }
  // Hidden, so that it is never somebody's own file of that name.
  const archive = join(dirname(target), `.${basename(target)}.fetched.zip`);
  const received =
    (await heldArchive(archive, lock)) ?? (await fetchArchive(archive, { dataset, lock, lockFile: path, options }));
  const unpacked = await unpackInto(target, archive, options);
  const { sha256, bytes } = received;
  if (!lock) await writeLock(path, { name, url: dataset.url, sha256, bytes, unpacked });
  await rm(archive);
  return { ...result, ...unpacked, reused: false };
}

type Received = Pick<DownloadResult, 'sha256' | 'bytes'>;

/** The archive that an earlier run has fetched and not yet unpacked, if it is the right one. */
async function heldArchive(archive: string, lock: FetchLock | undefined): Promise<Received | undefined> {
  const found = await stat(archive).catch(() => undefined);
  if (!found) return undefined;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(archive, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  const sha256 = hash.digest('hex');
  return lock && lock.sha256 !== sha256 ? undefined : { sha256, bytes: found.size };
}

interface ArchiveFetch {
  readonly dataset: FetchableDataset;
  readonly lock: FetchLock | undefined;
  readonly lockFile: string;
  readonly options: FetchOptions;
}

async function fetchArchive(
  archive: string,
  { dataset: { url }, lock, lockFile, options }: ArchiveFetch,
): Promise<Received> {
  const { proxy, mirror, signal, onEvent } = options;
  try {
    const received = await download(url, archive, {
      ...(lock ? { sha256: lock.sha256, expectedBytes: lock.bytes } : {}),
      ...(proxy ? { proxy } : {}),
      ...(mirror === undefined ? {} : { mirror }),
      ...(signal ? { signal } : {}),
      onEvent: (event) => relay(event, onEvent),
    });
    if (!lock) {
      const record = `its SHA-256 ${received.sha256} is recorded in ${basename(lockFile)} and must stay the same`;
      onEvent?.({ type: 'warning', code: 'dataset-unverified', message: `Nobody vouches for ${url}: ${record}.` });
    }
    return received;
  } catch (error) {
    const isOther = isWhippetError(error) && ['WHIPPET_NET_CHECKSUM', 'WHIPPET_NET_SIZE'].includes(error.code);
    if (!lock || !isOther) throw error;
    const { sha256, bytes } = lock;
    throw userError('WHIPPET_DATASET_FETCH_CHANGED', { url, lock: lockFile, sha256, bytes }, error);
  }
}

function relay(event: DownloadEvent, listener: Listener | undefined): void {
  if (event.type === 'retry') {
    const message = `The download goes on in ${event.delayMs / 1000} s: ${event.reason}.`;
    listener?.({ type: 'warning', code: 'download-retry', message });
    return;
  }
  const done = event.type === 'begin' ? event.resumedFrom : event.done;
  const total = (event.type === 'begin' ? event.bytes : event.total) ?? 0;
  listener?.({ type: 'progress', stage: 'download', done, total, unit: 'bytes' });
}

/** Unpacks beside the target and renames: whoever sees the folder sees all of it. */
async function unpackInto(target: string, archive: string, options: FetchOptions): Promise<FetchLock['unpacked']> {
  let unfinished: string | undefined;
  try {
    unfinished = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
    const unpacked = await unpack(archive, unfinished, {
      signal: options.signal,
      onProgress: (done, total) => options.onEvent?.({ type: 'progress', stage: 'unpack', done, total, unit: 'bytes' }),
    });
    // An empty folder may be in the way.
    await rmdir(target).catch(() => undefined);
    await rename(unfinished, target);
    return unpacked;
  } catch (error) {
    // Of no use to another attempt.
    if (isWhippetError(error) && error.code === 'WHIPPET_DATASET_ARCHIVE') await rm(archive, { force: true });
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw userError('WHIPPET_NET_DISK', { path: target, reason: code ?? syscall }, error);
  } finally {
    if (unfinished) await rm(unfinished, { recursive: true, force: true });
  }
}

/**
 * True when the folder holds as many files and bytes as were unpacked; false when there is none.
 * @throws WHIPPET_DATASET_FETCH_EXISTS for anything else, as it may be precious.
 */
async function isPresent(target: string, lock: FetchLock | undefined): Promise<boolean> {
  const found = await contentOf(target);
  if (!found) return false;
  if (!found.isFolder) throw userError('WHIPPET_DATASET_FETCH_EXISTS', { directory: target, found: 'it is a file' });
  if (found.files === 0 && found.folders === 0) return false;
  if (lock && found.files === lock.unpacked.files && found.bytes === lock.unpacked.bytes) return true;
  const expected = lock
    ? `, not ${lock.unpacked.files} files of ${lock.unpacked.bytes} bytes`
    : ' and there is no lock file';
  const holds = `it holds ${found.files} files of ${found.bytes} bytes${expected}`;
  throw userError('WHIPPET_DATASET_FETCH_EXISTS', { directory: target, found: holds });
}

interface Content {
  readonly isFolder: boolean;
  files: number;
  folders: number;
  bytes: number;
}

async function contentOf(path: string): Promise<Content | undefined> {
  const own = await stat(path).catch(() => undefined);
  if (!own) return undefined;
  const content = { isFolder: own.isDirectory(), files: 0, folders: 0, bytes: 0 };
  if (!content.isFolder) return content;
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    const isLitter = entry.name === '.DS_Store' || entry.name === 'Thumbs.db';
    if (entry.isDirectory()) content.folders += 1;
    else if (!isLitter) {
      content.files += 1;
      content.bytes += (await stat(join(entry.parentPath, entry.name))).size;
    }
  }
  return content;
}
