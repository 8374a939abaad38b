/** Names of segment files: `TIME-PID-RANDOM.open` while its one writer appends, `.segment` once it is closed. */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const pattern = /^\d{13}-(\d+)-[0-9a-f]{8}\.(open|segment)$/;

/** Unique without any lock; names sort by the time of creation, so that of two records with one key the later is known. */
export function newSegmentName(now: number, pid: number): string {
  return `${String(Math.trunc(now)).padStart(13, '0')}-${pid}-${randomBytes(4).toString('hex')}.open`;
}

export function closedName(name: string): string {
  return name.replace(/\.open$/, '.segment');
}

/** Segment files of a directory, oldest first; none where the directory does not exist. */
export function listSegments(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => pattern.test(name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Opens for reading. A writer may close (rename) or another process remove the file between listing and opening. */
export function openSegment(directory: string, name: string): number | undefined {
  for (const candidate of [name, closedName(name)]) {
    try {
      return openSync(join(directory, candidate), 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return undefined;
}

export function closeSegment(file: number): void {
  closeSync(file);
}

/**
 * Whether someone may still append. A process id that was given to another process, or that belongs to another machine, makes the
 * answer wrong; the cost is a segment that is merged later, or records that are computed again, never wrong features.
 */
export function isBeingWritten(name: string): boolean {
  const [, pid, state] = pattern.exec(name) ?? [];
  if (state !== 'open') return false;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
