import { setImmediate } from 'node:timers/promises';
import type { RecurringTask } from '../../host/index.ts';
import { addToBlocks, type BlockRow, pointsOf, type TimedSummary } from './blocks.ts';
import { decodeSummary } from './encoding.ts';
import type { RecentRow } from './recent.ts';
import type { CloudWatchState } from './state.ts';
import { blockBuckets, floorTo, secondsKept, tiers } from './tiers.ts';

/** Packs data that is hours old, thins out what is older, and forgets what is past all retention. */
export function cloudWatchRollUp(state: CloudWatchState): RecurringTask {
  return { name: 'roll-up of metrics', seconds: 600, run: (signal) => rollUp(state, signal) };
}

/** Between metrics, requests get their turn. */
async function rollUp(state: CloudWatchState, signal: AbortSignal): Promise<void> {
  const now = Math.floor(state.clock.now().getTime() / 1000);
  for (const { id } of state.database.all<{ id: number }>('SELECT id FROM metrics')) {
    if (signal.aborted) return;
    rollUpMetric(id, now, state);
    await setImmediate();
  }
}

/** @param now Seconds since 1970. */
function rollUpMetric(metric: number, now: number, state: CloudWatchState): void {
  // By whole hours, so that a block is written once an hour, not once a minute.
  const packable = floorTo(now - secondsKept, 3600);
  while (packDay(metric, packable, state)) {}
  tiers.forEach(({ kept }, index) => {
    thinOut(metric, { tier: index, before: now - kept }, state);
  });
  const isEmpty = state.database.get<{ empty: number }>(
    `SELECT NOT EXISTS (SELECT 1 FROM metric_recent WHERE metric = ?1)
        AND NOT EXISTS (SELECT 1 FROM metric_blocks WHERE metric = ?1) AS empty`,
    metric,
  )?.empty;
  if (isEmpty === 1) state.database.run('DELETE FROM metrics WHERE id = ?', metric);
}

/** Moves the rows of the first day that has some into blocks of minutes. @returns whether there may be more. */
function packDay(metric: number, before: number, state: CloudWatchState): boolean {
  const { database } = state;
  const first = database.get<{ time: number | null }>(
    'SELECT MIN(time) AS time FROM metric_recent WHERE metric = ?',
    metric,
  );
  if (typeof first?.time !== 'number' || first.time >= before) return false;
  const { period } = tiers[0];
  const end = Math.min(before, floorTo(first.time, period * blockBuckets) + period * blockBuckets);
  database.transaction(() => {
    const rows = database.all<RecentRow>(
      'SELECT time, unit, resolution, summary FROM metric_recent WHERE metric = ? AND time < ?',
      metric,
      end,
    );
    for (const unit of new Set(rows.map((row) => row.unit))) {
      const summaries = rows
        .filter((row) => row.unit === unit)
        .map(({ time, summary }): TimedSummary => ({ time, summary: decodeSummary(summary) }));
      addToBlocks({ metric, unit, period }, summaries, state);
    }
    database.run('DELETE FROM metric_recent WHERE metric = ? AND time < ?', metric, end);
  });
  return end < before;
}

/** Blocks that lie before a time as a whole move to the next tier; those of the last tier are forgotten. */
function thinOut(metric: number, { tier, before }: { tier: number; before: number }, state: CloudWatchState): void {
  const { database } = state;
  const { period } = tiers[tier] as (typeof tiers)[number];
  const next = tiers[tier + 1];
  const lastStart = before - period * blockBuckets;
  database.transaction(() => {
    const blocks = database.all<BlockRow>(
      'SELECT period, start, unit, points FROM metric_blocks WHERE metric = ? AND period = ? AND start <= ?',
      ...[metric, period, lastStart],
    );
    if (blocks.length === 0) return;
    for (const block of next ? blocks : []) {
      addToBlocks({ metric, unit: block.unit, period: next?.period ?? 0 }, pointsOf(block), state);
    }
    database.run(
      'DELETE FROM metric_blocks WHERE metric = ? AND period = ? AND start <= ?',
      ...[metric, period, lastStart],
    );
  });
}
