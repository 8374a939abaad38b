/** A disk that can be filled to the byte, where this user may mount one. */
import { execFile } from 'node:child_process';
import { open, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Scope } from '../../server/running.ts';

const run = promisify(execFile);

export interface SmallDisk {
  readonly path: string;
  /** Takes all but so many bytes. */
  fill(room: number): Promise<void>;
  /** Gives back what was taken. */
  release(): Promise<void>;
}

/**
 * @param path An empty folder.
 * @returns why there is none, where it cannot be made.
 */
export async function mountDisk(path: string, megabytes: number, scope: Scope): Promise<SmallDisk | string> {
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', path]);
  } catch (error) {
    return `this user may not mount a file system: ${String((error as { stderr?: string }).stderr ?? error).trim()}`;
  }
  // Whatever still has a file open there goes on with it.
  scope.after(() => run('umount', ['--lazy', path]));
  const ballast = join(path, 'ballast');
  return {
    path,
    async fill(room) {
      const taken = await takeAll(ballast);
      await truncate(ballast, Math.max(0, taken - room));
    },
    release: () => rm(ballast, { force: true }),
  };
}

const portion = Buffer.alloc(64 * 1024);

/** Writes until there is no room. @returns how many bytes that were. */
async function takeAll(path: string): Promise<number> {
  const file = await open(path, 'w');
  try {
    for (;;) await file.write(portion);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}
