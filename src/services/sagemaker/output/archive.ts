import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type FoundFile, openInside } from './inside.ts';
import { padding, tarEnd, tarHeader } from './tar.ts';

/** A file of the archive, and the folder that it is looked for in. */
export interface ArchivedFile extends FoundFile {
  readonly folder: string;
  /** Path in the archive where it is another. */
  readonly as?: string;
}

/** Weights hardly compress: level 1 is nearly as small as 9, in a fraction of the time. */
const usualLevel = 1;
/** gzip's format without its work. */
export const uncompressed = 0;

/** Of a model, each chunk costs more than its bytes. */
const chunkBytes = 1 << 20;

export interface ArchiveOptions {
  /** 0–9. */
  readonly level?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes files to a .tar.gz, sorted by path, without dates: the same files give the same bytes.
 * @throws the error of the disk; one of a file that got shorter meanwhile; the signal's reason.
 */
export async function writeArchive(
  files: readonly ArchivedFile[],
  target: string,
  { level = usualLevel, signal }: ArchiveOptions = {},
): Promise<void> {
  const sorted = [...files].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  await pipeline(
    Readable.from(bytesOf(sorted)),
    createGzip({ level, chunkSize: chunkBytes }),
    createWriteStream(target, { mode: 0o600 }),
    { signal },
  );
}

function nameOf({ as, path }: ArchivedFile): string {
  return as ?? path;
}

async function* bytesOf(files: readonly ArchivedFile[]): AsyncGenerator<Buffer> {
  for (const entry of files) {
    const file = await openInside(entry.folder, entry.path);
    if (file === undefined) continue;
    try {
      const { size } = await file.stat();
      yield tarHeader({ path: nameOf(entry), size, executable: entry.executable });
      let sent = 0;
      if (size > 0) {
        for await (const chunk of file.createReadStream({
          start: 0,
          end: size - 1,
          autoClose: false,
          highWaterMark: chunkBytes,
        })) {
          sent += (chunk as Buffer).length;
          yield chunk as Buffer;
        }
      }
      if (sent !== size) throw new Error(`${entry.path} got shorter while it was archived.`);
      yield padding(size);
    } finally {
      await file.close();
    }
  }
  yield tarEnd;
}
