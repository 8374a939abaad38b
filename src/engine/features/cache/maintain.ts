import { closeSync, constants, fsyncSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readRecords } from './read.ts';
import { keyBytes, scanSegment } from './segment.ts';
import { closeSegment, isBeingWritten, listSegments, openSegment } from './segment-files.ts';
import { openWriter } from './write.ts';

/** A directory with this many small segments is merged: opening stays one sequential read however often ten photos were added. */
const mergeCount = 8;
const smallBytes = 32 * 1024 * 1024;

export interface MergeOptions {
  readonly directory: string;
  readonly space: Buffer;
  readonly now: () => number;
  /** Segments known to have bad records: merged at once, which cuts the damage out. */
  readonly damaged: ReadonlySet<string>;
}

/**
 * Copies what is intact and not superseded from small or damaged segments into a new one, then removes them. Segments being written
 * are left alone. Killed in between, it leaves records twice, never none. Returns the names removed.
 */
export function mergeSegments({ directory, space, now, damaged }: MergeOptions): readonly string[] {
  const idle = listSegments(directory).filter((name) => !isBeingWritten(name));
  const small = idle.filter((name) => sizeOf(join(directory, name)) < smallBytes);
  const merged = idle.filter((name) => damaged.has(name) || (small.length >= mergeCount && small.includes(name)));
  if (merged.length === 0) return [];
  const writer = openWriter({ directory, space, now, segmentBytes: Number.POSITIVE_INFINITY });
  const keys = keysOf(merged, directory, space);
  let batch: { key: Buffer; payload: Buffer }[] = [];
  let batchBytes = 0;
  const flush = (): void => {
    writer.append(batch);
    batch = [];
    batchBytes = 0;
  };
  readRecords(keys, { directory, space, now: now(), only: new Set(merged) }, (at, payload) => {
    batch.push({ key: Buffer.from(keys[at] as string, 'latin1'), payload: Buffer.from(payload) });
    batchBytes += payload.length + keyBytes;
    if (batchBytes > 1024 * 1024) flush();
  });
  flush();
  for (const name of writer.close()) syncFile(join(directory, name));
  for (const name of merged) rmSync(join(directory, name), { force: true });
  return merged;
}

/** 0 for what another process has just removed. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function keysOf(names: readonly string[], directory: string, space: Buffer): string[] {
  const keys = new Set<string>();
  for (const name of names) {
    const file = openSegment(directory, name);
    if (file === undefined) continue;
    scanSegment(file, space, ({ key }) => keys.add(key));
    closeSegment(file);
  }
  return [...keys];
}

/** The originals go only when the copy is on the disk. */
function syncFile(path: string): void {
  const file = openSync(path, constants.O_RDONLY);
  fsyncSync(file);
  closeSync(file);
}

/**
 * Removes the segments not used for longest until all of `cacheDirectory` takes at most `limitBytes`. What is known of pictures
 * (`pictures-…`) goes last: it is small, and features are of no use without it. Returns how many segments went.
 */
export function evictSegments(cacheDirectory: string, limitBytes: number): number {
  const segments = readdirSync(cacheDirectory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => segmentsWithUse(join(cacheDirectory, name), name.startsWith('pictures-') ? 1 : 0))
    .sort((a, b) => a.rank - b.rank || a.usedAt - b.usedAt || (a.path < b.path ? -1 : 1));
  let total = segments.reduce((sum, { size }) => sum + size, 0);
  let removed = 0;
  for (const { path, size } of segments) {
    if (total <= limitBytes) break;
    rmSync(path, { force: true });
    total -= size;
    removed++;
  }
  return removed;
}

function segmentsWithUse(directory: string, rank: number) {
  return listSegments(directory).flatMap((name) => {
    const path = join(directory, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat ? [{ path, rank, size: stat.size, usedAt: stat.mtimeMs }] : [];
  });
}
