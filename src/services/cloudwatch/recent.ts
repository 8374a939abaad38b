import { decodeSummary, encodeSummary } from './encoding.ts';
import { type Dimensions, touchMetric } from './metrics.ts';
import type { CloudWatchState, Place } from './state.ts';
import { mergeSummaries, type Summary } from './summary.ts';
import { floorTo } from './tiers.ts';
import { type Unit, unitCode } from './units.ts';

/** New values of a metric. */
export interface Datum {
  readonly name: string;
  readonly dimensions?: Dimensions;
  readonly time: Date;
  /** Default 'None'. */
  readonly unit?: Unit;
  /** Seconds. 1 keeps single seconds for three hours. Default 60. */
  readonly resolution?: 1 | 60;
  readonly summary: Summary;
}

export interface RecentRow {
  readonly time: number;
  readonly unit: number;
  readonly resolution: number;
  readonly summary: Uint8Array;
}

/** Adds data to the metrics of a namespace, which are made where they are missing. All of it or nothing. */
export function putData(
  { namespace, ...place }: Place & { readonly namespace: string },
  data: readonly Datum[],
  state: CloudWatchState,
): void {
  state.database.transaction(() => {
    for (const datum of data) {
      const { name, dimensions = [] } = datum;
      addRecent(touchMetric(place, { namespace, name, dimensions }, state), datum, state);
    }
  });
}

function addRecent(metric: number, datum: Datum, { database }: CloudWatchState): void {
  const { time, unit = 'None', resolution = 60, summary } = datum;
  const key = [metric, floorTo(time.getTime() / 1000, resolution), unitCode(unit), resolution] as const;
  const { changes } = database.run(
    'INSERT INTO metric_recent VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ...key,
    encodeSummary(summary),
  );
  if (changes > 0) return;
  const where = 'WHERE metric = ? AND time = ? AND unit = ? AND resolution = ?';
  const row = database.get<{ summary: Uint8Array }>(`SELECT summary FROM metric_recent ${where}`, ...key);
  const merged = row ? mergeSummaries(decodeSummary(row.summary), summary) : summary;
  database.run(`UPDATE metric_recent SET summary = ? ${where}`, encodeSummary(merged), ...key);
}
