import type { SecondaryStatus, TrainingJobStatus } from '@aws-sdk/client-sagemaker';
import type { Database } from '../../../store/index.ts';

export interface Step {
  readonly secondary: SecondaryStatus;
  /** StatusMessage: what is being done. */
  readonly message?: string;
  /** TrainingJobStatus where it changes too. */
  readonly status?: TrainingJobStatus;
  readonly now: Date;
}

/**
 * What AWS says of a job that has ended, where nothing more is known. A transition without StatusMessage ends the SageMaker Python SDK's
 * `fit()` with a KeyError: it reads the member of every one.
 */
const endings: Readonly<Partial<Record<SecondaryStatus, string>>> = {
  Completed: 'Training job completed',
  Failed: 'Training job failed',
  Stopped: 'Training job stopped',
  MaxRuntimeExceeded: 'Training job runtime exceeded MaxRuntimeInSeconds provided',
};

/**
 * The job enters a secondary status; the one before ends. The same status again changes its message only. Call it in the transaction
 * of the work that the status stands for.
 */
export function enter(job: number, { secondary, message, status, now }: Step, database: Database): void {
  const time = now.getTime();
  database.transaction(() => {
    const last = database.get<{ sequence: number; status: string }>(
      'SELECT sequence, status FROM training_transitions WHERE job = ? ORDER BY sequence DESC LIMIT 1',
      job,
    );
    if (last?.status === secondary) {
      database.run(
        'UPDATE training_transitions SET message = COALESCE(?, message) WHERE job = ? AND sequence = ?',
        ...[message ?? null, job, last.sequence],
      );
    } else {
      const ends = status === 'Completed' || status === 'Failed' || status === 'Stopped';
      database.run('UPDATE training_transitions SET ended = ? WHERE job = ? AND ended IS NULL', ...[time, job]);
      database.run(
        'INSERT INTO training_transitions VALUES (?, ?, ?, ?, ?, ?)',
        ...[
          job,
          (last?.sequence ?? -1) + 1,
          secondary,
          time,
          ends ? time : null,
          message ?? endings[secondary] ?? null,
        ],
      );
    }
    database.run(
      'UPDATE training_jobs SET secondary = ?, status = COALESCE(?, status), modified = ? WHERE id = ?',
      ...[secondary, status ?? null, time, job],
    );
  });
}

export interface Transition {
  readonly status: SecondaryStatus;
  readonly started: number;
  readonly ended: number | null;
  readonly message: string | null;
}

export function transitionsOf(job: number, database: Database): Transition[] {
  return database.all<Transition>(
    'SELECT status, started, ended, message FROM training_transitions WHERE job = ? ORDER BY sequence',
    job,
  );
}
