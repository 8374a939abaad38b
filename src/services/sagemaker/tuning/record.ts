import type {
  CreateHyperParameterTuningJobRequest,
  HyperParameterTuningJobStatus,
  Tag,
} from '@aws-sdk/client-sagemaker';
import type { Database } from '../../../store/index.ts';
import { AwsFault } from '../../../wire/index.ts';
import type { Validated } from '../../operation.ts';
import { resourceArn } from '../arns.ts';
import type { Place } from '../place.ts';
import { setTags } from '../tags.ts';

/** CreateHyperParameterTuningJob without its tags, which lie with all tags. */
export type TuningRequest = Omit<Validated<CreateHyperParameterTuningJobRequest>, 'Tags'>;

/** A row of tuning_jobs. */
export interface TuningJobRow extends Place {
  readonly id: number;
  readonly name: string;
  /** JSON: TuningRequest. */
  readonly request: string;
  readonly seed: string;
  readonly status: HyperParameterTuningJobStatus;
  readonly failure: string | null;
  readonly created: number;
  readonly modified: number;
  readonly ended: number | null;
}

export interface NewTuningJob {
  readonly place: Place;
  readonly now: Date;
  readonly seed: string;
  readonly tags?: readonly Tag[] | undefined;
}

export function tuningJobArn(job: Place & { readonly name: string }): string {
  return resourceArn('hyper-parameter-tuning-job', job.name, job);
}

export function tuningRequest(job: Pick<TuningJobRow, 'request'>): TuningRequest {
  return JSON.parse(job.request) as TuningRequest;
}

export function tuningHasEnded({ status }: Pick<TuningJobRow, 'status'>): boolean {
  return status === 'Completed' || status === 'Failed' || status === 'Stopped';
}

/** @throws AwsFault ResourceInUse where the name is taken. */
export function insertTuningJob(
  request: TuningRequest,
  { place, now, seed, tags = [] }: NewTuningJob,
  database: Database,
): TuningJobRow {
  const { account, region } = place;
  const name = request.HyperParameterTuningJobName;
  const time = now.getTime();
  return database.transaction(() => {
    const { changes, lastInsertRowid } = database.run(
      `INSERT INTO tuning_jobs (account, region, name, request, seed, status, created, modified)
       VALUES (?, ?, ?, ?, ?, 'InProgress', ?, ?) ON CONFLICT DO NOTHING`,
      ...[account, region, name, JSON.stringify(request), seed, time, time],
    );
    if (changes === 0) throw nameTaken(name);
    setTags(tuningJobArn({ account, region, name }), tags, database);
    return tuningJobById(lastInsertRowid, database);
  });
}

export function tuningJobById(id: number, database: Database): TuningJobRow {
  const job = database.get<TuningJobRow>('SELECT * FROM tuning_jobs WHERE id = ?', id);
  if (job === undefined) throw new TypeError(`There is no tuning job ${id}.`);
  return job;
}

/** @throws AwsFault ResourceNotFound. */
export function requireTuningJob(name: string, { account, region }: Place, database: Database): TuningJobRow {
  const job = database.get<TuningJobRow>(
    'SELECT * FROM tuning_jobs WHERE account = ? AND region = ? AND name = ?',
    ...[account, region, name],
  );
  if (job === undefined) throw unknownTuningJob(name);
  return job;
}

export function openTuningJobs(database: Database): TuningJobRow[] {
  return database.all<TuningJobRow>(`SELECT * FROM tuning_jobs WHERE status IN ('InProgress', 'Stopping') ORDER BY id`);
}

export interface StatusChange {
  readonly status: HyperParameterTuningJobStatus;
  readonly failure?: string | undefined;
  readonly now: Date;
}

export function changeStatus(
  job: Pick<TuningJobRow, 'id'>,
  { status, failure, now }: StatusChange,
  database: Database,
): void {
  const time = now.getTime();
  const ended = tuningHasEnded({ status }) ? time : null;
  database.run(
    'UPDATE tuning_jobs SET status = ?, failure = ?, modified = ?, ended = ? WHERE id = ?',
    ...[status, failure?.slice(0, 1024) ?? null, time, ended, job.id],
  );
}

/** Words and code that clients of AWS have seen: aws/amazon-sagemaker-examples#1540 and #2440. */
function unknownTuningJob(name: string): AwsFault {
  const message = `Amazon SageMaker can't find a tuning job called ${name}. Type another name.`;
  return new AwsFault({ code: 'ResourceNotFound', status: 400, message });
}

function nameTaken(name: string): AwsFault {
  const message = `A hyperparameter tuning job with the name, ${name}, already exists. Choose a different name.`;
  return new AwsFault({ code: 'ResourceInUse', status: 400, message });
}
