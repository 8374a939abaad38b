import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that goes when it is removed, or with the process. Only a process that is killed leaves it behind. */
export interface TemporaryState {
  readonly directory: string;
  remove(): Promise<void>;
}

export async function makeTemporaryState(): Promise<TemporaryState> {
  const directory = await mkdtemp(join(tmpdir(), 'whippet-'));
  open.add(directory);
  if (open.size === 1) process.on('exit', removeAll);
  return {
    directory,
    async remove() {
      await rm(directory, { recursive: true, force: true });
      open.delete(directory);
      if (open.size === 0) process.off('exit', removeAll);
    },
  };
}

/** Of this process: its end concerns them all, and listeners are warned of when they are many. */
const open = new Set<string>();

function removeAll(): void {
  for (const directory of open) rmSync(directory, { recursive: true, force: true });
}
