import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { below, type S3Location } from '../s3-uri.ts';
import type { RoleObjects } from '../state.ts';
import { type FoundFile, openInside } from './inside.ts';
import { requireRoom, withOwnCopy } from './own-copy.ts';

export interface UploadGround {
  readonly objects: RoleObjects;
  /** Folder of the server's own, where copies lie while they are sent. */
  readonly spool: string;
  /** Between two files, and while one is copied or packed, the work breaks off. */
  readonly signal?: AbortSignal;
}

/** What is sent from memory. */
const small = 4 * 1024 * 1024;

/**
 * Puts a file of an instance's tree into S3, as it is when it is opened. The store reads a copy, which no instance can replace.
 * @returns false where the file has gone.
 * @throws AwsFault as S3 does; the error of the disk; the signal's reason.
 */
export async function uploadFile(
  { folder, path }: { readonly folder: string; readonly path: string },
  target: S3Location,
  { objects, spool, signal }: UploadGround,
): Promise<boolean> {
  signal?.throwIfAborted();
  const file = await openInside(folder, path);
  if (file === undefined) return false;
  try {
    const { size } = await file.stat();
    const options = { contentType: contentTypeOf(path) };
    // No more than it has now: an instance may write on faster than it is read.
    if (size <= small) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(size), 0, size, 0);
      await objects.put(target.bucket, target.key, { bytes: buffer.subarray(0, bytesRead) }, options);
      return true;
    }
    // The copy here, and S3's.
    await requireRoom(spool, 2 * size);
    const source = file.createReadStream({ start: 0, end: size - 1, autoClose: false });
    await withOwnCopy(join(spool, 'upload'), {
      make: (copy) => pipeline(source, createWriteStream(copy, { mode: 0o600 }), { signal }),
      use: (copy) => objects.put(target.bucket, target.key, { path: copy }, options),
    });
    return true;
  } finally {
    await file.close();
  }
}

/** Files below a folder go below a prefix. */
export async function uploadFiles(
  folder: string,
  files: readonly FoundFile[],
  { target, ...ground }: UploadGround & { readonly target: S3Location },
): Promise<void> {
  for (const { path } of files) await uploadFile({ folder, path }, below(target, ...path.split('/')), ground);
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  json: 'application/json',
  jsonl: 'application/x-ndjson',
  txt: 'text/plain; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  gz: 'application/gzip',
};

/** Browsers show what they know the type of: reports. */
function contentTypeOf(path: string): string {
  return types[path.slice(path.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream';
}
