import type { Database } from '../../../store/index.ts';

/**
 * An objective after each epoch, in their order; as it came where lines say no epoch. Of an epoch that was told twice the first value
 * counts: the last line of a log tells again of the epoch whose model is saved, in other figures.
 */
export function objectiveCurve(trainingJob: number, metric: string, database: Database): number[] {
  const told = database.all<{ epoch: number | null; value: number }>(
    'SELECT epoch, value FROM training_metrics WHERE job = ? AND name = ? ORDER BY sequence',
    ...[trainingJob, metric],
  );
  if (told.some(({ epoch }) => epoch === null)) return told.map(({ value }) => value);
  const firstOf = new Map<number, number>();
  for (const { epoch, value } of told) if (!firstOf.has(epoch ?? 0)) firstOf.set(epoch ?? 0, value);
  return [...firstOf].sort(([a], [b]) => a - b).map(([, value]) => value);
}
