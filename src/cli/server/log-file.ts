import { closeSync, copyFileSync, fstatSync, openSync, statSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.ts';

export interface LogFile {
  write(line: string): void;
  close(): void;
}

/**
 * A log that does not grow for ever: past `limit` bytes its contents become FILE.1, in the place of what was there, and it starts anew.
 * Copied and cut rather than renamed, so that those who hold it open (standard error of a server in the background, `tail -f`) go on
 * with the same file.
 */
export function openLogFile(path: string, limit = 10_000_000): LogFile {
  makeFolder(dirname(path));
  const file = openSync(path, 'a', 0o600);
  let size = fstatSync(file).size;
  return {
    write(line) {
      const bytes = Buffer.from(`${line}\n`);
      try {
        if (size + bytes.length > limit) {
          copyFileSync(path, `${path}.1`);
          truncateSync(path);
          size = 0;
        }
        writeSync(file, bytes);
        size += bytes.length;
      } catch {
        // A full disk stops the log, not the server: what clients are told of the disk is their requests' business.
      }
    },
    close: () => closeSync(file),
  };
}

/** Bytes of a file; 0 where there is none. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
