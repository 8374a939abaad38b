import { futimesSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { type Placement, scanSegment } from './segment.ts';
import { closeSegment, listSegments, openSegment } from './segment-files.ts';

/** A gap between two wanted records that is cheaper to read than to seek over, and the most that is read at once. */
const gapBytes = 64 * 1024;
const rangeBytes = 8 * 1024 * 1024;

interface Wanted extends Placement {
  /** Index of the key in the question. */
  readonly at: number;
}

export interface ReadOptions {
  readonly directory: string;
  readonly space: Buffer;
  /** When segments that are of use are marked as used (milliseconds). Absent: they are left as they are. */
  readonly now?: number;
  /** Look into these segments only. Default all. */
  readonly only?: ReadonlySet<string>;
}

/**
 * Looks up `keys` (latin1 text of 40 bytes, all different) and calls `onFound` with the index of the key and its payload, which is valid during
 * the call only. Records whose checksum is wrong are left out: they count as missing. Returns the names of segments with damage.
 */
export function readRecords(
  keys: readonly string[],
  { directory, space, now, only }: ReadOptions,
  onFound: (at: number, payload: Buffer) => void,
): Set<string> {
  const damaged = new Set<string>();
  const indexOf = new Map(keys.map((key, at) => [key, at]));
  const open = new Map<string, number>();
  try {
    const newest = new Map<number, { name: string; wanted: Wanted }>();
    for (const name of listSegments(directory)) {
      if (only && !only.has(name)) continue;
      const file = openSegment(directory, name);
      if (file === undefined) continue;
      open.set(name, file);
      const whole = scanSegment(file, space, (placement) => {
        const at = indexOf.get(placement.key);
        if (at !== undefined) newest.set(at, { name, wanted: { ...placement, at } });
      });
      if (!whole) damaged.add(name);
    }
    for (const [name, wanted] of bySegment(newest)) {
      const file = open.get(name) as number;
      if (!readFrom(file, wanted, onFound)) damaged.add(name);
      if (now !== undefined) touch(file, now);
    }
  } finally {
    for (const file of open.values()) closeSegment(file);
  }
  return damaged;
}

function bySegment(found: ReadonlyMap<number, { name: string; wanted: Wanted }>): Map<string, Wanted[]> {
  const segments = new Map<string, Wanted[]>();
  for (const { name, wanted } of found.values()) {
    const list = segments.get(name);
    if (list) list.push(wanted);
    else segments.set(name, [wanted]);
  }
  for (const list of segments.values()) list.sort((a, b) => a.offset - b.offset);
  return segments;
}

/** Reads neighbours together. Returns whether all checksums were right. */
function readFrom(file: number, wanted: readonly Wanted[], onFound: (at: number, payload: Buffer) => void): boolean {
  let intact = true;
  let buffer = Buffer.allocUnsafe(0);
  for (let first = 0; first < wanted.length; ) {
    const start = (wanted[first] as Wanted).offset;
    let end = start;
    let last = first;
    for (; last < wanted.length; last++) {
      const { offset, length } = wanted[last] as Wanted;
      if (last > first && (offset - end > gapBytes || offset + length - start > rangeBytes)) break;
      end = Math.max(end, offset + length);
    }
    if (buffer.length < end - start) buffer = Buffer.allocUnsafe(end - start);
    const read = readSync(file, buffer, 0, end - start, start);
    for (; first < last; first++) {
      const { at, offset, length, crc } = wanted[first] as Wanted;
      const payload = buffer.subarray(offset - start, offset - start + length);
      if (offset - start + length <= read && crc32(payload) === crc) onFound(at, payload);
      else intact = false;
    }
  }
  return intact;
}

/** Eviction goes by the time of last use. A read-only cache is still a cache. */
function touch(file: number, now: number): void {
  try {
    futimesSync(file, now / 1000, now / 1000);
  } catch {}
}
