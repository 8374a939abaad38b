import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { type ByteReader, readBytes } from './byte-reader.ts';
import { blockSize, readPaxRecords, readTarHeader, readText, type TarHeader } from './tar-header.ts';

export interface UnpackLimits {
  /** Of all that is unpacked. */
  readonly maxBytes: number;
  readonly maxEntries: number;
}

/** Four times the largest backbone with its head; SageMaker's volumes would take more. */
export const unpackLimits: UnpackLimits = { maxBytes: 4 * 1024 ** 3, maxEntries: 4096 };

/** Headers of headers: a path that is longer is an attack. */
const maxHeaderBytes = 64 * 1024;

/**
 * Unpacks model.tar.gz into a new folder. Whoever made it is not trusted: only files and folders below the root come out; links, devices,
 * absolute and climbing paths are refused, not skipped, and so is what unpacks to more than the limits.
 * @param folder Made here. What is in it after a refusal is the caller's to remove.
 * @returns what is wrong with the archive, after `The archive cannot be used: `; undefined when all of it is unpacked.
 */
export async function unpackModel(
  archive: string,
  folder: string,
  { limits = unpackLimits, signal }: { readonly limits?: UnpackLimits; readonly signal?: AbortSignal } = {},
): Promise<string | undefined> {
  await mkdir(folder, { recursive: true });
  const file = createReadStream(archive, { highWaterMark: 1 << 20 });
  const unzipped = file.pipe(createGunzip({ chunkSize: 1 << 20 }));
  file.on('error', (error) => unzipped.destroy(error));
  try {
    await unpackEntries(readBytes(unzipped), { folder, limits, ...(signal && { signal }) });
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    if (isDiskTrouble(error)) throw error;
    return explained(error as NodeJS.ErrnoException);
  } finally {
    file.destroy();
    unzipped.destroy();
  }
}

interface Unpacking {
  readonly folder: string;
  readonly limits: UnpackLimits;
  readonly signal?: AbortSignal;
}

async function unpackEntries(reader: ByteReader, { folder, limits, signal }: Unpacking): Promise<void> {
  const found = { bytes: 0, entries: 0 };
  let headers = 0;
  const onHeader = (): void => {
    signal?.throwIfAborted();
    headers += 1;
    if (headers > limits.maxEntries * headersOfEntry) throw new Error('it holds more headers than entries need');
  };
  for (let entry = await nextEntry(reader, onHeader); entry; entry = await nextEntry(reader, onHeader)) {
    found.entries += 1;
    found.bytes += entry.size;
    if (found.entries > limits.maxEntries) throw new Error(`it holds more than ${limits.maxEntries} entries`);
    if (found.bytes > limits.maxBytes) throw new Error(`it unpacks to more than ${limits.maxBytes} bytes`);
    await unpackEntry(entry, { reader, folder });
  }
  if (found.entries === 0) throw new Error('it is empty');
  // To the end, since the checksum of the compressed data comes last; what follows the archive counts as unpacked too.
  for await (const piece of reader.rest()) {
    found.bytes += piece.length;
    if (found.bytes > limits.maxBytes) throw new Error(`it unpacks to more than ${limits.maxBytes} bytes`);
  }
}

/** Its own, and those that go before it. */
const headersOfEntry = 4;

/** The next entry with what further headers say of it. */
async function nextEntry(reader: ByteReader, onHeader: () => void): Promise<TarHeader | undefined> {
  let told: { readonly path?: string; readonly size?: number } = {};
  for (;;) {
    onHeader();
    const block = await reader.take(blockSize);
    if (block === undefined) throw new Error('it ends early');
    const header = readTarHeader(block);
    if (header === undefined) return undefined;
    if (!'xgL'.includes(header.type)) return { ...header, ...told };
    if (header.size > maxHeaderBytes) throw new Error('it holds a path that is too long');
    const content = (await reader.take(padded(header.size)))?.subarray(0, header.size) ?? Buffer.alloc(0);
    // A global header says nothing of paths that a model has.
    if (header.type === 'x') told = { ...told, ...readPaxRecords(content) };
    if (header.type === 'L') told = { ...told, path: readText(content) };
  }
}

async function unpackEntry(
  entry: TarHeader,
  { reader, folder }: { readonly reader: ByteReader; readonly folder: string },
): Promise<void> {
  const segments = checkedPath(entry);
  const target = join(folder, ...segments);
  if (entry.type === '5') {
    if (entry.size > 0) throw new Error(`it holds a folder with content, ${entry.path}`);
    await mkdir(target, { recursive: true });
    return;
  }
  await mkdir(dirname(target), { recursive: true });
  // Never an existing file: what is written to is what was made here.
  const file = await open(target, 'wx', 0o644);
  try {
    await writeAll(file, reader.pieces(entry.size));
  } finally {
    await file.close();
  }
  for await (const _padding of reader.pieces(padded(entry.size) - entry.size));
}

async function writeAll(file: FileHandle, pieces: AsyncIterable<Buffer>): Promise<void> {
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) at += (await file.write(piece, at)).bytesWritten;
  }
}

const kinds: Readonly<Record<string, string>> = {
  1: 'a hard link',
  2: 'a symbolic link',
  3: 'a device',
  4: 'a device',
  6: 'a pipe',
};

/** The names on the way to an entry. @throws Error for one that would come out elsewhere, or is neither file nor folder. */
function checkedPath({ path, type }: TarHeader): string[] {
  const shown = JSON.stringify(path.length > 100 ? `${path.slice(0, 100)}…` : path);
  if (!'057'.includes(type)) throw new Error(`it holds ${kinds[type] ?? 'an entry of an unknown kind'}, ${shown}`);
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  const strange = path.startsWith('/') || path.includes('\0') || path.includes('\\') || segments.includes('..');
  if (strange || segments.length > 32 || segments.some((segment) => Buffer.byteLength(segment) > 255)) {
    throw new Error(`it holds the path ${shown}`);
  }
  if (segments.length === 0 && type !== '5') throw new Error('it holds a file without a name');
  return segments;
}

function padded(size: number): number {
  return Math.ceil(size / blockSize) * blockSize;
}

/** Of this machine, not of the archive. */
function isDiskTrouble(error: unknown): boolean {
  return /^(ENOSPC|EDQUOT|EIO|EROFS|EACCES|EMFILE|ENFILE)$/.test((error as NodeJS.ErrnoException).code ?? '');
}

function explained({ code = '', message }: NodeJS.ErrnoException): string {
  if (code === 'Z_BUF_ERROR') return 'it ends early';
  if (code.startsWith('Z_')) return 'it is not compressed by gzip, or damaged';
  if (code === 'ENAMETOOLONG') return 'it holds a path that is too long';
  return /^(EEXIST|ENOTDIR|EISDIR)$/.test(code) ? 'it holds the same path twice' : message;
}
