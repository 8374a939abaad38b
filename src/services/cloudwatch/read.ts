import { addTo, type BlockRow, pointsOf, type TimedSummary } from './blocks.ts';
import { decodeSummary } from './encoding.ts';
import { findMetric, type MetricName } from './metrics.ts';
import type { RecentRow } from './recent.ts';
import type { CloudWatchState, Place } from './state.ts';
import type { Summary } from './summary.ts';
import { blockBuckets, reachOf, tiers } from './tiers.ts';
import { type Unit, unitCode, unitOf } from './units.ts';

/** Times in seconds since 1970. */
export interface Window {
  /** The buckets are counted from here. A multiple of the resolution that the data has by now (see windowOf). */
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** Seconds. */
  readonly period: number;
}

export interface Query extends Window, Place {
  readonly metric: MetricName;
  /** Only data of this unit. */
  readonly unit?: Unit | undefined;
}

/** Start of each bucket that has data (seconds since 1970) → what is known of it, in the order of time. */
export type Buckets = ReadonlyMap<number, Summary>;

/** What a metric's values were, apart by unit. From fresh rows and packed blocks alike. */
export function readMetric(query: Query, state: CloudWatchState): ReadonlyMap<Unit, Buckets> {
  const byUnit = new Map<Unit, Map<number, Summary>>();
  const metric = findMetric(query, query.metric, state);
  if (metric === undefined) return byUnit;
  const { start, period } = query;
  const code = query.unit === undefined ? undefined : unitCode(query.unit);
  for (const { unit, time, summary } of found(metric, query, state)) {
    if (code !== undefined && unit !== code) continue;
    const name = unitOf(unit);
    const buckets = byUnit.get(name) ?? new Map<number, Summary>();
    byUnit.set(name, buckets);
    addTo(buckets, start + Math.floor((time - start) / period) * period, summary);
  }
  return new Map([...byUnit].map(([unit, buckets]) => [unit, inOrder(buckets)]));
}

/** The same without regard to units. */
export function readAllUnits(query: Query, state: CloudWatchState): Buckets {
  const all = new Map<number, Summary>();
  for (const buckets of readMetric(query, state).values()) {
    for (const [time, summary] of buckets) addTo(all, time, summary);
  }
  return inOrder(all);
}

function inOrder(buckets: ReadonlyMap<number, Summary>): Buckets {
  return new Map([...buckets].sort(([a], [b]) => a - b));
}

function* found(
  metric: number,
  { start, end, period }: Window,
  state: CloudWatchState,
): Generator<TimedSummary & { readonly unit: number }> {
  const from = Math.max(start, Math.floor(state.clock.now().getTime() / 1000) - reachOf(period));
  yield* recentSummaries(metric, { start: from, end, period }, state);
  for (const tier of tiers) {
    if (period % tier.period === 0) yield* packedSummaries(metric, { start: from, end, period: tier.period }, state);
  }
}

/** Data of minutes cannot be told apart by seconds. */
function* recentSummaries(metric: number, { start, end, period }: Window, { database }: CloudWatchState) {
  const rows = database.iterate<RecentRow>(
    'SELECT time, unit, resolution, summary FROM metric_recent WHERE metric = ? AND time >= ? AND time < ?',
    ...[metric, start, end],
  );
  for (const { time, unit, resolution, summary } of rows) {
    if (period % resolution === 0) yield { time, unit, summary: decodeSummary(summary) };
  }
}

function* packedSummaries(metric: number, { start, end, period }: Window, { database }: CloudWatchState) {
  const rows = database.iterate<BlockRow>(
    'SELECT period, start, unit, points FROM metric_blocks WHERE metric = ? AND period = ? AND start > ? AND start < ?',
    ...[metric, period, start - blockBuckets * period, end],
  );
  for (const row of rows) {
    for (const { time, summary } of pointsOf(row)) {
      if (time >= start && time < end) yield { time, unit: row.unit, summary };
    }
  }
}
