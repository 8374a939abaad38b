import type { Database } from '../../../store/index.ts';
import type { MetricValue } from './metrics.ts';
import type { FinalMetric } from './record.ts';

/** Appends what was read from a job's log. Call it in the transaction that keeps the lines. */
export function recordMetrics(job: number, values: readonly MetricValue[], database: Database): void {
  const sequences = new Map<string, number>();
  for (const { name, value, time, epoch } of values) {
    const sequence = (sequences.get(name) ?? lastSequence(job, name, database)) + 1;
    sequences.set(name, sequence);
    database.run(
      'INSERT INTO training_metrics (job, name, sequence, time, value, epoch) VALUES (?, ?, ?, ?, ?, ?)',
      ...[job, name, sequence, time, value, epoch],
    );
  }
}

function lastSequence(job: number, name: string, database: Database): number {
  const found = database.get<{ last: number | null }>(
    'SELECT max(sequence) AS last FROM training_metrics WHERE job = ? AND name = ?',
    ...[job, name],
  );
  return found?.last ?? 0;
}

/**
 * The values of one metric of a job: one for each epoch in their order, the latest where an epoch was told more than once (a job that was
 * restarted trains it again), or as they came where lines do not say the epoch.
 */
export function metricHistory(
  job: { readonly id: number },
  name: string,
  { database }: { readonly database: Database },
): MetricValue[] {
  const values = database.all<MetricValue>(
    'SELECT name, value, time, epoch FROM training_metrics WHERE job = ? AND name = ? ORDER BY sequence',
    ...[job.id, name],
  );
  const byEpoch = new Map<number, MetricValue>();
  for (const value of values) if (value.epoch !== null) byEpoch.set(value.epoch, value);
  if (byEpoch.size === 0) return values;
  return [...byEpoch].sort(([a], [b]) => a - b).map(([, value]) => value);
}

/** FinalMetricDataList: the last value of each. */
export function finalMetricsOf(job: number, database: Database): FinalMetric[] {
  return database.all<FinalMetric>(
    `SELECT name, value, time FROM training_metrics m
     WHERE job = ?1 AND sequence = (SELECT max(sequence) FROM training_metrics WHERE job = ?1 AND name = m.name) ORDER BY name`,
    job,
  );
}
