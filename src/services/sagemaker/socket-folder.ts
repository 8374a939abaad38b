/** Folders of Unix sockets, over which the server speaks to the instances of a job, or these to each other. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Addresses of Unix sockets have at most 107 bytes; `/NNN.sock` or `/NNN/http` comes behind. */
const longestFolder = 95;

export interface SocketPlace {
  /** Folder of the jobs' own files, which says whose sockets they are: one server has it at a time. */
  readonly state: string;
  /** Folder for sockets where `near` lies too deep. */
  readonly temporary: string;
  /** `t12`: of which job. */
  readonly job: string;
}

/** `near`, or a folder for temporary files that the next server finds again. */
export function socketFolder(near: string, { state, temporary, job }: SocketPlace): string {
  return Buffer.byteLength(near) <= longestFolder ? near : join(temporary, `${prefixOf(state)}${job}`);
}

/** Makes it, empty. @throws the error of the disk, also where somebody else's lies under this name. */
export async function makeSocketFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  // Not recursive: what somebody else has made in a folder for temporary files must not be taken for ours.
  await mkdir(folder, { mode: 0o700 });
}

/** Removes what servers that were killed left among temporary files. @param isLeft Of which jobs. */
export async function removeSocketFolders(
  { state, temporary }: Omit<SocketPlace, 'job'>,
  isLeft: (job: string) => boolean,
): Promise<void> {
  const prefix = prefixOf(state);
  const names = await readdir(temporary).catch(() => []);
  const left = names.filter((name) => name.startsWith(prefix) && isLeft(name.slice(prefix.length)));
  // What is somebody else's cannot be removed, and is not ours to remove.
  for (const name of left) await rm(join(temporary, name), { recursive: true, force: true }).catch(() => {});
}

function prefixOf(state: string): string {
  return `whippet-${createHash('sha256').update(state).digest('hex').slice(0, 16)}-`;
}
