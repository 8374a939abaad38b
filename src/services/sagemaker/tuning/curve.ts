import type { Database } from '../../../store/index.ts';

/**
 * An objective after each epoch, in their order; as it came where no line says its epoch. The last line of a log, of the model as it is
 * saved, is none of the curve. Of an epoch that was told twice, as by a job that was restarted, the first value counts: it may have been
 * judged by already.
 */
export function objectiveCurve(trainingJob: number, metric: string, database: Database): number[] {
  const told = database.all<{ epoch: number | null; value: number }>(
    'SELECT epoch, value FROM training_metrics WHERE job = ? AND name = ? ORDER BY sequence',
    ...[trainingJob, metric],
  );
  const firstOf = new Map<number, number>();
  for (const { epoch, value } of told) if (epoch !== null && !firstOf.has(epoch)) firstOf.set(epoch, value);
  if (firstOf.size === 0) return told.map(({ value }) => value);
  return [...firstOf].sort(([a], [b]) => a - b).map(([, value]) => value);
}
