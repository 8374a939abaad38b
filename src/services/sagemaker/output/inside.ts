/**
 * Files out of the tree of an instance. Its process may have put anything there: links that lead elsewhere, pipes, a folder replaced by a link
 * at the last moment. Only plain files that really lie in the tree are opened.
 */
import { constants, realpathSync } from 'node:fs';
import { type FileHandle, lstat, open, opendir, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { failed, JobFailure } from '../training/outcome.ts';

export interface FoundFile {
  /** Below the folder, with slashes. */
  readonly path: string;
  readonly size: number;
  readonly modified: number;
  readonly executable: boolean;
}

/** Of one folder: far more than a training leaves, and no more than the server has room for in memory. */
const mostFiles = 200_000;

/**
 * Plain files of a folder at any depth, sorted by path; none where there is no such folder. Links and the like are left out.
 * @param folder Its path has no links in it; where it has one now, the instance has put it there.
 * @throws JobFailure where there is more in it than `most`, whatever it is.
 */
export async function filesIn(folder: string, most = mostFiles): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  let left = most;
  const look = async (at: string): Promise<void> => {
    const names: string[] = [];
    for await (const { name } of await opendir(join(folder, at), { bufferSize: 1024 })) {
      if (left-- === 0) throw new JobFailure(failed('AlgorithmError', tooMany(folder, most)));
      names.push(name);
    }
    for (const name of names.sort()) {
      const path = at === '' ? name : `${at}/${name}`;
      const stats = await lstat(join(folder, path)).catch(() => undefined);
      if (stats?.isDirectory()) await look(path);
      else if (stats?.isFile()) {
        const executable = (stats.mode & 0o100) !== 0;
        found.push({ path, size: stats.size, modified: stats.mtimeMs, executable });
      }
    }
  };
  const isFolder = (await lstat(folder).catch(() => undefined))?.isDirectory();
  if (isFolder && realpathSync(folder) === folder) await look('');
  return found;
}

function tooMany(folder: string, most: number): string {
  return `the folder ${basename(folder)} has more than ${most} files and folders. Put them into an archive.`;
}

/**
 * Opens a file for reading.
 * @param folder As of {@link filesIn}.
 * @returns undefined where there is none, or it does not lie in the folder.
 */
export async function openInside(folder: string, path: string): Promise<FileHandle | undefined> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(join(folder, path), flags).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    if ((await file.stat()).isFile() && (await liesIn(file, folder, path))) return file;
  } catch {
    // As if it were not there.
  }
  await file.close();
  return undefined;
}

/** Of the folders above, O_NOFOLLOW says nothing. Linux tells where an open file lies; elsewhere the path is resolved once more. */
async function liesIn(file: FileHandle, folder: string, path: string): Promise<boolean> {
  const expected = join(folder, path);
  if (!expected.startsWith(`${folder}/`)) return false;
  const real = await readlink(`/proc/self/fd/${file.fd}`).catch(() => realpathSync(expected));
  return real === expected;
}

/** The beginning of a text file; undefined where there is none. */
export async function readInside(folder: string, path: string, bytes: number): Promise<string | undefined> {
  const file = await openInside(folder, path);
  if (file === undefined) return undefined;
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
