import type { Database } from '../store/index.ts';

/** Tables of jobs that go on beside the requests. Each has an index of those that have not ended. */
const jobTables = ['training_jobs', 'tuning_jobs', 'transform_jobs'] as const;

type JobTable = (typeof jobTables)[number];

/** Whether an earlier server left jobs: asked at the start, where it decides whether the code that runs them is loaded. */
export function hasUnfinishedJobs(database: Database): boolean {
  return jobTables
    .filter((table) => isThere(table, database))
    .some((table) => database.get(`SELECT 1 FROM ${table} WHERE status IN ('InProgress', 'Stopping') LIMIT 1`));
}

/** How many jobs stand in line for the cores of this machine. */
export function countWaitingJobs(database: Database): number {
  const count = (table: JobTable, condition: string): number => {
    if (!isThere(table, database)) return 0;
    const sql = `SELECT count(*) AS count FROM ${table} WHERE status = 'InProgress' AND ${condition}`;
    return database.get<{ count: number }>(sql)?.count ?? 0;
  };
  return count('training_jobs', "secondary = 'Pending'") + count('transform_jobs', 'started IS NULL');
}

/** A service makes its tables when it is first used. */
function isThere(table: JobTable, database: Database): boolean {
  return database.get("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", table) !== undefined;
}
