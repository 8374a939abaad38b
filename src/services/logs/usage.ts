import type { Database } from '../../store/index.ts';

/** For whoever looks after the server. */
export function countLogGroups(database: Database): number {
  return database.get<{ groups: number }>('SELECT count(*) AS groups FROM log_groups')?.groups ?? 0;
}
