import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reads a file under `/proc`; undefined where it is not to be had: a process that ended, a sandbox without it, another system. */
export type ReadProc = (...path: readonly string[]) => string | undefined;

/** Files of /proc are made when they are read and never wait for a disk, so reading them in one go blocks nobody. */
export function procReader(root: string): ReadProc {
  return (...path) => {
    try {
      return readFileSync(join(root, ...path), 'latin1');
    } catch {
      return undefined;
    }
  };
}
