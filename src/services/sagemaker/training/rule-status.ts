import type { Database } from '../../../store/index.ts';
import type { JobEvent } from './instance/read-event.ts';

/** What an instance says of a rule becomes its status in DescribeTrainingJob. */
export function recordRule(
  job: number,
  { configuration, status, details }: Extract<JobEvent, { type: 'rule' }>,
  { database, now }: { readonly database: Database; readonly now: Date },
): void {
  database.run(
    `UPDATE training_rules SET status = ?, details = COALESCE(?, details), modified = ? WHERE job = ? AND configuration = ?`,
    ...[status, details ?? null, now.getTime(), job, configuration],
  );
}

/** Rules that were at work when the job ended will not come to a result: AWS calls them stopped. */
export function endRules(job: number, { database, now }: { readonly database: Database; readonly now: Date }): void {
  database.run(
    `UPDATE training_rules SET status = 'Stopped', modified = ? WHERE job = ? AND status IN ('InProgress', 'Stopping')`,
    ...[now.getTime(), job],
  );
}

/** A restarted job evaluates its rules from the beginning. */
export function restartRules(
  job: number,
  { database, now }: { readonly database: Database; readonly now: Date },
): void {
  database.run(
    `UPDATE training_rules SET status = 'InProgress', details = NULL, modified = ? WHERE job = ?`,
    ...[now.getTime(), job],
  );
}
