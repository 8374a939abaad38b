import { readFile, rename, writeFile } from 'node:fs/promises';
import { userError } from '../../../errors/index.ts';

/** Beside the folder, to be kept under version control: what was fetched first is what everybody gets later. */
export interface FetchLock {
  readonly name: string;
  readonly url: string;
  /** Of the archive. */
  readonly sha256: string;
  readonly bytes: number;
  /** What it unpacks to. */
  readonly unpacked: { readonly files: number; readonly bytes: number };
}

export function lockPath(directory: string): string {
  return `${directory}.lock.json`;
}

/** @throws WHIPPET_DATASET_FETCH_LOCK when there is a lock that is none, or one of another data set. */
export async function readLock(path: string, name: string): Promise<FetchLock | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw userError('WHIPPET_DATASET_FETCH_LOCK', { path, reason: message }, error);
  }
  const lock = parse(text);
  if (!lock) throw userError('WHIPPET_DATASET_FETCH_LOCK', { path, reason: 'it is not such a file' });
  if (lock.name === name) return lock;
  throw userError('WHIPPET_DATASET_FETCH_LOCK', { path, reason: `it belongs to the data set ${lock.name}` });
}

function parse(text: string): FetchLock | undefined {
  try {
    const lock = JSON.parse(text) as FetchLock;
    const isLock =
      typeof lock.name === 'string' &&
      /^[0-9a-f]{64}$/.test(lock.sha256) &&
      [lock.bytes, lock.unpacked.files, lock.unpacked.bytes].every(Number.isSafeInteger);
    return isLock ? lock : undefined;
  } catch {
    return undefined;
  }
}

export async function writeLock(path: string, lock: FetchLock): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, `${JSON.stringify(lock, null, 2)}\n`);
  await rename(temporary, path);
}
