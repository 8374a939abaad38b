import { mkdir, rm } from 'node:fs/promises';
import type { RoleSession, SageMakerState } from '../state.ts';
import { deliverModel, deliverOutput } from './deliver.ts';
import { during, outcomeOf } from './failure.ts';
import type { JobLayout } from './instance/layout.ts';
import { finalMetricsOf } from './metric-history.ts';
import type { Outcome } from './outcome.ts';
import type { TrainingJobRow, TrainingRequest } from './record.ts';
import { endRules } from './rule-status.ts';
import { enter } from './transitions.ts';

export interface EndingJob {
  readonly job: TrainingJobRow;
  readonly request: TrainingRequest;
  readonly layout: JobLayout;
}

export interface Ending {
  readonly outcome: Outcome;
  /** Gives the role's session. @throws JobFailure where it can no longer be assumed. */
  readonly assume: () => Promise<RoleSession>;
  /** Whether a server that is started after this one finds the job's files. Where not, it does the work again. */
  readonly staysHere: boolean;
  /** Aborted when the server ends. */
  readonly closing: AbortSignal;
}

/** What a job ends as, once everything is in S3. */
export interface JobEnd {
  readonly end: Outcome;
  /** S3 URI of the model. */
  readonly artifact?: string | undefined;
}

/**
 * Uploading. How the work ended is written down first, so that a server that is killed meanwhile uploads again and does not train again.
 * @returns 'closing' where the server ends first: the next one uploads again.
 * @throws the error of the disk where that cannot be written down.
 */
export async function deliverJob(
  { job, request, layout }: EndingJob,
  { outcome, assume, staysHere, closing }: Ending,
  state: SageMakerState,
): Promise<JobEnd | 'closing'> {
  const { database, clock } = state;
  database.transaction(() => {
    if (staysHere) {
      database.run('UPDATE training_jobs SET outcome = ? WHERE id = ?', JSON.stringify(outcome), job.id);
    }
    const message = 'Uploading generated training model';
    if (outcome.status === 'Completed') enter(job.id, { secondary: 'Uploading', message, now: clock.now() }, database);
  });
  let end = outcome;
  let artifact: string | undefined;
  try {
    await mkdir(layout.spool, { recursive: true, mode: 0o700 });
    const { objects } = await assume();
    const ground = { objects, spool: layout.spool, signal: closing };
    artifact = await during('Artifact upload failed', async () => {
      const model = outcome.model
        ? await deliverModel({ request, layout, isTrial: job.tuning_job !== null }, ground)
        : undefined;
      await deliverOutput(request, layout, ground);
      return model;
    });
  } catch (error) {
    if (closing.aborted) return 'closing';
    // The reason for which a job failed is worth more than what became of its leavings.
    if (outcome.status !== 'Failed') end = outcomeOf(error, job, state);
    else state.journal.write('warn', { message: 'outputs were not uploaded', job: job.name, error: String(error) });
  }
  return { end, artifact: end.status === 'Failed' ? undefined : artifact };
}

/** The job has ended, as far as anybody can see. @throws the error of the disk where that cannot be written down. */
export function recordEnd(
  job: TrainingJobRow,
  { end: { status, secondary, reason }, artifact }: JobEnd,
  { database, clock }: SageMakerState,
): void {
  const now = clock.now();
  database.transaction(() => {
    const metrics = JSON.stringify(finalMetricsOf(job.id, database));
    database.run(
      'UPDATE training_jobs SET failure = ?, artifact = ?, metrics = ?, ended = ? WHERE id = ?',
      ...[reason ?? null, artifact ?? null, metrics, now.getTime(), job.id],
    );
    endRules(job.id, { database, now });
    enter(job.id, { secondary, status, now, ...(reason !== undefined && { message: reason }) }, database);
  });
}

/** Files of an ended job are in S3. What cannot be removed now goes when the next server starts. */
export async function clearJob({ directory, sockets }: JobLayout): Promise<void> {
  for (const path of [directory, sockets]) await rm(path, { recursive: true, force: true }).catch(() => {});
}
