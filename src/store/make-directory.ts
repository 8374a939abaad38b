import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * A folder and what of its path is missing, for its owner only. Folder by folder, as Node's own recursive mkdir never returns where none
 * can be made, below /proc.
 * @returns whether there was anything to make.
 * @throws NodeJS.ErrnoException EEXIST where a file is in its place, EACCES, EROFS, ….
 */
export async function makeDirectory(directory: string): Promise<boolean> {
  const missing: string[] = [];
  let path = resolve(directory);
  while (!(await isThere(path))) {
    missing.unshift(path);
    path = dirname(path);
  }
  for (const folder of missing) {
    await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      // Somebody else was faster.
      if (error.code !== 'EEXIST') throw error;
    });
  }
  return missing.length > 0;
}

/** @throws NodeJS.ErrnoException EEXIST where something else than a folder is there. */
async function isThere(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  throw Object.assign(new Error(`EEXIST: ${path} is no folder`), { code: 'EEXIST', syscall: 'mkdir' });
}
