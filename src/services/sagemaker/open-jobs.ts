import type { Database } from '../../store/index.ts';
import { limitExceeded } from './errors.ts';

/** Every look at a queue costs with its length, and a principal that may make jobs may make them in a loop. */
const mostOpen = 1_000;

const kinds = {
  training_jobs: 'training jobs',
  tuning_jobs: 'hyperparameter tuning jobs',
  transform_jobs: 'transform jobs',
} as const;

/** @throws AwsFault ResourceLimitExceeded where so many of the kind have not ended that no further one may be made. */
export function requireRoom(table: keyof typeof kinds, database: Database): void {
  const { count = 0 } =
    database.get<{ count: number }>(
      `SELECT count(*) AS count FROM ${table} WHERE status IN ('InProgress', 'Stopping')`,
    ) ?? {};
  if (count < mostOpen) return;
  throw limitExceeded(`Number of ${kinds[table]} that have not ended`, { limit: mostOpen, used: count, asked: 1 });
}
