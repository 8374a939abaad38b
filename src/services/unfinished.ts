import type { Database } from '../store/index.ts';

/** Tables of jobs that go on beside the requests. Each has an index of those that have not ended. */
const jobTables = ['training_jobs', 'tuning_jobs', 'transform_jobs'] as const;

/** Whether an earlier server left jobs: asked at the start, where it decides whether the code that runs them is loaded. */
export function hasUnfinishedJobs(database: Database): boolean {
  const there = database.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'");
  return jobTables
    .filter((table) => there.some(({ name }) => name === table))
    .some((table) => database.get(`SELECT 1 FROM ${table} WHERE status IN ('InProgress', 'Stopping') LIMIT 1`));
}
