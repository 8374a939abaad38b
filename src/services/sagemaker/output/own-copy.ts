import { rm, statfs } from 'node:fs/promises';

/**
 * Makes a file of the server's own, and has it used. It is gone afterwards, also where it could not be made: what is left of a copy on a full
 * disk would keep it full.
 */
export async function withOwnCopy<Result>(
  path: string,
  { make, use }: { readonly make: (path: string) => Promise<void>; readonly use: (path: string) => Promise<Result> },
): Promise<Result> {
  try {
    await make(path);
    return await use(path);
  } finally {
    await rm(path, { force: true });
  }
}

/**
 * That a copy of so many bytes can be made. The size of a file says nothing of what it takes where it is: with holes in it, nearly nothing.
 * @param folder Where the copy is to be.
 * @throws ENOSPC, without having taken from others what there is.
 */
export async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize, blocks } = await statfs(folder);
  // Some file systems do not tell.
  if (blocks === 0 || bytes <= bavail * bsize) return;
  throw Object.assign(new Error(`There is no room for ${bytes} bytes.`), { code: 'ENOSPC' });
}
