import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Inventory } from '../../engine/index.ts';

/** Larger files stay where they are: a thumbnail is not worth it. */
export const largestFile = 25 * 1024 * 1024;

export interface LocalFile {
  readonly path: string;
  readonly name: string;
}

/** The files of a host by the digest of their bytes. */
export function filesByDigest(root: string, inventory: Inventory): (digest: string) => readonly LocalFile[] {
  const files = new Map<string, LocalFile[]>();
  for (const file of inventory.files) {
    if (!('digest' in file)) continue;
    const here = { name: file.name, path: resolve(root, file.name) };
    const same = files.get(file.digest);
    if (same) same.push(here);
    else files.set(file.digest, [here]);
  }
  return (digest) => files.get(digest) ?? [];
}

/** The bytes of the first of these files that is not too large and still has them. */
export async function readByDigest(files: readonly LocalFile[], digest: string): Promise<Buffer | undefined> {
  for (const { path } of files) {
    const bytes = await readBounded(path).catch(() => undefined);
    if (bytes && hasDigest(bytes, digest)) return bytes;
  }
  return undefined;
}

export function hasDigest(bytes: Uint8Array, digest: string): boolean {
  return createHash('sha256').update(bytes).digest('hex') === digest;
}

async function readBounded(path: string): Promise<Buffer | undefined> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    return size > largestFile ? undefined : await file.readFile();
  } finally {
    await file.close();
  }
}
