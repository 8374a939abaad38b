import type { CreateTrainingJobRequest, SecondaryStatus, Tag, TrainingJobStatus } from '@aws-sdk/client-sagemaker';
import type { Database } from '../../../store/index.ts';
import type { Validated } from '../../operation.ts';
import { resourceArn } from '../arns.ts';
import { alreadyExists } from '../errors.ts';
import type { Place } from '../place.ts';
import { setTags } from '../tags.ts';

/** What makes a training job: CreateTrainingJob without its tags, which lie with all tags. */
export type TrainingRequest = Omit<Validated<CreateTrainingJobRequest>, 'Tags'>;

/** A row of training_jobs. */
export interface TrainingJobRow extends Place {
  readonly id: number;
  readonly name: string;
  /** JSON: TrainingRequest. */
  readonly request: string;
  readonly tuning_job: string | null;
  readonly share: number;
  readonly status: TrainingJobStatus;
  readonly secondary: SecondaryStatus;
  readonly stop: 'request' | 'runtime' | null;
  /** JSON: Outcome. */
  readonly outcome: string | null;
  readonly failure: string | null;
  readonly artifact: string | null;
  /** JSON: FinalMetric[]. */
  readonly metrics: string;
  readonly created: number;
  readonly modified: number;
  readonly started: number | null;
  readonly ended: number | null;
}

export interface FinalMetric {
  readonly name: string;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}

export interface NewTrainingJob {
  readonly place: Place;
  readonly now: Date;
  readonly tags?: readonly Tag[] | undefined;
  /** ARN of the tuning job that makes it. */
  readonly tuningJobArn?: string | undefined;
  /** How many such jobs go on at a time: they divide the cores among them. */
  readonly share?: number | undefined;
}

export function trainingJobArn(job: Place & { readonly name: string }): string {
  return resourceArn('training-job', job.name, job);
}

export function requestOf(job: Pick<TrainingJobRow, 'request'>): TrainingRequest {
  return JSON.parse(job.request) as TrainingRequest;
}

export function hasEnded({ status }: Pick<TrainingJobRow, 'status'>): boolean {
  return status === 'Completed' || status === 'Failed' || status === 'Stopped';
}

/**
 * Puts a job into the tables, as one that waits. May be called within a transaction: what else belongs to the job is then recorded with it.
 * @throws AwsFault ResourceInUse where the name is taken.
 */
export function insertTrainingJob(
  request: TrainingRequest,
  { place, now, tags = [], tuningJobArn, share = 1 }: NewTrainingJob,
  database: Database,
): TrainingJobRow {
  const { account, region } = place;
  const name = request.TrainingJobName;
  const arn = trainingJobArn({ account, region, name });
  const time = now.getTime();
  return database.transaction(() => {
    const { changes, lastInsertRowid } = database.run(
      `INSERT INTO training_jobs (account, region, name, request, tuning_job, share, status, secondary, metrics, created, modified)
       VALUES (?, ?, ?, ?, ?, ?, 'InProgress', 'Starting', '[]', ?, ?) ON CONFLICT DO NOTHING`,
      ...[account, region, name, JSON.stringify(request), tuningJobArn ?? null, share, time, time],
    );
    if (changes === 0) throw alreadyExists('Training job', arn);
    insertRules(lastInsertRowid, { request, time }, database);
    database.run(
      `INSERT INTO training_transitions VALUES (?, 0, 'Starting', ?, NULL, 'Starting the training job')`,
      ...[lastInsertRowid, time],
    );
    setTags(arn, tags, database);
    return jobById(lastInsertRowid, database);
  });
}

function insertRules(
  job: number,
  { request, time }: { readonly request: TrainingRequest; readonly time: number },
  database: Database,
): void {
  const kinds = { debug: request.DebugRuleConfigurations, profiler: request.ProfilerRuleConfigurations };
  for (const [kind, rules = []] of Object.entries(kinds)) {
    for (const [position, { RuleConfigurationName: name = '' }] of rules.entries()) {
      database.run(
        `INSERT INTO training_rules VALUES (?, ?, ?, ?, 'InProgress', NULL, ?)`,
        ...[job, kind, position, name, time],
      );
    }
  }
}

export function findTrainingJob(
  { account, region }: Place,
  name: string,
  database: Database,
): TrainingJobRow | undefined {
  return database.get<TrainingJobRow>(
    'SELECT * FROM training_jobs WHERE account = ? AND region = ? AND name = ?',
    ...[account, region, name],
  );
}

export function jobById(id: number, database: Database): TrainingJobRow {
  const job = database.get<TrainingJobRow>('SELECT * FROM training_jobs WHERE id = ?', id);
  if (job === undefined) throw new TypeError(`There is no training job ${id}.`);
  return job;
}

/** Jobs that have not ended, in the order in which they were asked for. */
export function openJobs(database: Database): TrainingJobRow[] {
  return database.all<TrainingJobRow>(
    `SELECT * FROM training_jobs WHERE status IN ('InProgress', 'Stopping') ORDER BY id`,
  );
}
