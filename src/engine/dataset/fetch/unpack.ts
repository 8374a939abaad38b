/** Zip archives of strangers. The one file that knows yauzl. */
import { mkdir, open as openFile, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Entry, open, type ZipFile } from 'yauzl';
import { userError } from '../../../errors/index.ts';
import { type ArchiveLimits, archiveLimits, archiveProblem, destinations } from './entries.ts';

export interface UnpackOptions {
  readonly limits?: ArchiveLimits;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Small files wait for the disk, not for the processor. */
const inFlight = 8;

/**
 * Unpacks the files of an archive below `folder`, which must exist and be empty. The whole directory of the archive is judged before
 * the first byte is written. A failure leaves the folder partly filled.
 * @throws WHIPPET_DATASET_ARCHIVE; the signal's reason when aborted; errors of the file system.
 */
export async function unpack(
  archive: string,
  folder: string,
  options: UnpackOptions = {},
): Promise<{ readonly files: number; readonly bytes: number }> {
  const limits = options.limits ?? archiveLimits;
  const refuse = (reason: string, cause?: unknown): Error =>
    userError('WHIPPET_DATASET_ARCHIVE', { archive: basename(archive), reason }, cause);
  const zip = await opened(archive).catch((error: Error) => {
    throw (error as NodeJS.ErrnoException).syscall === undefined ? refuse(error.message, error) : error;
  });
  try {
    const entries = await readEntries(zip, limits).catch((error: Error) => {
      throw refuse(error.message, error);
    });
    const { size } = await stat(archive);
    const problem = archiveProblem(entries, { archiveBytes: size, limits });
    if (problem !== undefined) throw refuse(problem);
    const files = destinations(entries);
    if (files.length === 0) throw refuse('it holds no files');
    const total = files.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < total) throw userError('WHIPPET_NET_DISK_FULL', { path: folder, needed: total });
    let done = 0;
    let next = 0;
    let failed = false;
    const work = async (): Promise<void> => {
      for (let file = files[next++]; file && !failed; file = files[next++]) {
        options.signal?.throwIfAborted();
        await writeEntry(zip, { entry: file.entry, target: join(folder, file.path) }).catch((error: Error) => {
          failed = true;
          throw (error as NodeJS.ErrnoException).syscall === undefined ? refuse(error.message, error) : error;
        });
        done += file.entry.uncompressedSize;
        options.onProgress?.(done, total);
      }
    };
    // All of them end before anybody cleans up.
    const outcomes = await Promise.allSettled(Array.from({ length: inFlight }, work));
    options.signal?.throwIfAborted();
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    return { files: files.length, bytes: total };
  } finally {
    zip.close();
  }
}

function opened(archive: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    // Strict names: a backslash is refused, not turned into a slash.
    const options = { lazyEntries: true, autoClose: false, strictFileNames: true, validateEntrySizes: true };
    open(archive, options, (error, zip) => (error ? reject(error) : resolve(zip)));
  });
}

async function readEntries(zip: ZipFile, limits: ArchiveLimits): Promise<Entry[]> {
  if (zip.entryCount > limits.maxEntries) throw new Error(`it has more than ${limits.maxEntries} entries`);
  const entries: Entry[] = [];
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.on('end', resolve);
    zip.on('error', reject);
    zip.readEntry();
  });
  return entries;
}

async function writeEntry(zip: ZipFile, { entry, target }: { entry: Entry; target: string }): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const file = await openFile(target, 'wx', 0o644);
  let check = 0;
  try {
    const stream = await new Promise<Readable>((resolve, reject) => {
      zip.openReadStream(entry, (error, opening) => {
        if (error) return reject(error);
        // Damage may show before the loop below listens, and again while the stream is taken down; the loop throws it once.
        opening.on('error', () => {});
        resolve(opening);
      });
    });
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      check = crc32(chunk, check);
      await file.write(chunk);
    }
  } finally {
    await file.close();
  }
  if (check !== entry.crc32) throw new Error(`its entry ${JSON.stringify(entry.fileName)} is damaged`);
}
