import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { isWhippetError, userError } from '../../errors/index.ts';
import { pictureFormat } from '../image/format.ts';

export type Fingerprint =
  | { readonly digest: string; readonly bytes: number }
  | { readonly code: string; readonly message: string };

/** Most pictures fit, and then one read is enough. */
const chunkBytes = 256 * 1024;

async function hashFile(path: string, name: string, chunk: Buffer): Promise<Fingerprint> {
  const file = await open(path, 'r');
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length, bytes);
      const part = chunk.subarray(0, bytesRead);
      // The first bytes decide whether this is a picture at all: videos are not read to their end.
      if (bytes === 0) pictureFormat(part, name);
      hash.update(part);
      bytes += bytesRead;
      if (bytesRead < chunk.length) return { digest: hash.digest('hex'), bytes };
    }
  } finally {
    await file.close();
  }
}

/** SHA-256 of a file that begins like a picture, or why it is refused: a typed code and message, never an exception. */
export async function fingerprint(path: string, name: string, chunk: Buffer): Promise<Fingerprint> {
  try {
    return await hashFile(path, name, chunk);
  } catch (error) {
    if (isWhippetError(error)) return { code: error.code, message: error.message };
    const reason = error instanceof Error ? error.message : String(error);
    const { code, message } = userError('WHIPPET_IMAGE_UNREADABLE', { source: name, reason });
    return { code, message };
  }
}

/** Fingerprints in the order of `files`; eight are read at a time, as waiting for a disk or a network is most of it. */
export async function fingerprintAll(
  files: readonly { readonly path: string; readonly name: string }[],
  options: { onProgress?: (done: number) => void; signal?: AbortSignal | undefined },
): Promise<Fingerprint[]> {
  const results = new Array<Fingerprint>(files.length);
  let next = 0;
  let done = 0;
  const reader = async (): Promise<void> => {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    while (next < files.length) {
      options.signal?.throwIfAborted();
      const index = next++;
      const { path, name } = files[index]!;
      results[index] = await fingerprint(path, name, chunk);
      options.onProgress?.(++done);
    }
  };
  await Promise.all(Array.from({ length: 8 }, reader));
  return results;
}
