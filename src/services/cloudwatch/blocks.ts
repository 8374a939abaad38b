import { decodePoints, encodePoints, type Point } from './encoding.ts';
import type { CloudWatchState } from './state.ts';
import { mergeSummaries, type Summary } from './summary.ts';
import { blockBuckets, floorTo } from './tiers.ts';

/** A series of one unit, at the resolution of one tier. */
export interface Shelf {
  readonly metric: number;
  readonly unit: number;
  /** Seconds. */
  readonly period: number;
}

export interface TimedSummary {
  /** Seconds since 1970. */
  readonly time: number;
  readonly summary: Summary;
}

export interface BlockRow {
  readonly period: number;
  readonly start: number;
  readonly unit: number;
  readonly points: Uint8Array;
}

/** Adds to what the buckets hold already, within the caller's transaction. */
export function addToBlocks(shelf: Shelf, summaries: Iterable<TimedSummary>, { database }: CloudWatchState): void {
  const { metric, unit, period } = shelf;
  for (const [start, buckets] of byBlock(summaries, period)) {
    const key = [metric, period, start, unit] as const;
    const row = database.get<{ points: Uint8Array }>(
      'SELECT points FROM metric_blocks WHERE metric = ? AND period = ? AND start = ? AND unit = ?',
      ...key,
    );
    for (const { index, summary } of row ? decodePoints(row.points) : []) addTo(buckets, index, summary);
    const points = [...buckets].map(([index, summary]): Point => ({ index, summary }));
    points.sort((a, b) => a.index - b.index);
    database.run('INSERT OR REPLACE INTO metric_blocks VALUES (?, ?, ?, ?, ?)', ...key, encodePoints(points));
  }
}

/** Start of the block → bucket → what came for it. */
function byBlock(summaries: Iterable<TimedSummary>, period: number): Map<number, Map<number, Summary>> {
  const blocks = new Map<number, Map<number, Summary>>();
  for (const { time, summary } of summaries) {
    const start = floorTo(time, period * blockBuckets);
    const buckets = blocks.get(start) ?? new Map<number, Summary>();
    blocks.set(start, buckets);
    addTo(buckets, Math.floor((time - start) / period), summary);
  }
  return blocks;
}

export function addTo(buckets: Map<number, Summary>, key: number, summary: Summary): void {
  const present = buckets.get(key);
  buckets.set(key, present ? mergeSummaries(present, summary) : summary);
}

export function* pointsOf({ points, start, period }: Pick<BlockRow, 'points' | 'start' | 'period'>) {
  for (const { index, summary } of decodePoints(points)) yield { time: start + index * period, summary };
}
