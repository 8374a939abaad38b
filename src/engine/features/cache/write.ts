import { closeSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type CacheRecord, encodeBlock, encodeHeader, headerBytes } from './segment.ts';
import { closedName, newSegmentName } from './segment-files.ts';

export interface WriteOptions {
  readonly directory: string;
  readonly space: Buffer;
  readonly now: () => number;
  /** A segment is closed and another begun beyond this size, so that eviction has steps to take. */
  readonly segmentBytes: number;
}

export interface RecordWriter {
  /** The records are in the file when this returns: they outlive the process, though not a power cut. Throws what the disk throws. */
  append(records: readonly CacheRecord[]): void;
  /** Makes the last segment one that others may merge. Returns the names of the segments written. */
  close(): readonly string[];
}

/** Appends to segments of its own, made at the first record. Any number of writers may work in one directory. */
export function openWriter({ directory, space, now, segmentBytes }: WriteOptions): RecordWriter {
  const written: string[] = [];
  let current: { name: string; file: number; size: number } | undefined;

  const begin = (): { name: string; file: number; size: number } => {
    mkdirSync(directory, { recursive: true });
    const name = newSegmentName(now(), process.pid);
    const file = openSync(join(directory, name), 'wx');
    current = { name, file, size: headerBytes };
    writeWhole(file, encodeHeader(space));
    return current;
  };
  const end = (): void => {
    if (!current) return;
    const { name, file } = current;
    current = undefined;
    closeSync(file);
    renameSync(join(directory, name), join(directory, closedName(name)));
    written.push(closedName(name));
  };
  return {
    append(records) {
      if (records.length === 0) return;
      const segment = current ?? begin();
      const block = encodeBlock(records);
      writeWhole(segment.file, block);
      segment.size += block.length;
      if (segment.size >= segmentBytes) end();
    },
    close() {
      end();
      return written;
    },
  };
}

function writeWhole(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
