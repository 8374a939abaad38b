import type { CreateTransformJobRequest, Tag, TransformJobStatus } from '@aws-sdk/client-sagemaker';
import type { Database } from '../../../store/index.ts';
import type { Validated } from '../../operation.ts';
import { resourceArn } from '../arns.ts';
import { alreadyExists, validation } from '../errors.ts';
import type { RunnableModel } from '../models/model.ts';
import type { Place } from '../place.ts';
import { setTags } from '../tags.ts';

/** CreateTransformJob without its tags, which lie with all tags. */
export type TransformRequest = Omit<Validated<CreateTransformJobRequest>, 'Tags'>;

/** A row of transform_jobs. */
export interface TransformJobRow extends Place {
  readonly id: number;
  readonly name: string;
  /** JSON: TransformRequest. */
  readonly request: string;
  /** JSON: RunnableModel. */
  readonly model: string;
  readonly status: TransformJobStatus;
  readonly failure: string | null;
  readonly created: number;
  readonly modified: number;
  readonly started: number | null;
  readonly ended: number | null;
}

export interface NewTransformJob {
  readonly place: Place;
  readonly now: Date;
  readonly model: RunnableModel;
  readonly tags?: readonly Tag[] | undefined;
}

export function transformJobArn(job: Place & { readonly name: string }): string {
  return resourceArn('transform-job', job.name, job);
}

export function transformRequest(job: Pick<TransformJobRow, 'request'>): TransformRequest {
  return JSON.parse(job.request) as TransformRequest;
}

export function transformModel(job: Pick<TransformJobRow, 'model'>): RunnableModel {
  return JSON.parse(job.model) as RunnableModel;
}

export function transformHasEnded({ status }: Pick<TransformJobRow, 'status'>): boolean {
  return status === 'Completed' || status === 'Failed' || status === 'Stopped';
}

/** @throws AwsFault ResourceInUse where the name is taken. */
export function insertTransformJob(
  request: TransformRequest,
  { place, now, model, tags = [] }: NewTransformJob,
  database: Database,
): TransformJobRow {
  const { account, region } = place;
  const name = request.TransformJobName;
  const arn = transformJobArn({ account, region, name });
  const time = now.getTime();
  return database.transaction(() => {
    const { changes, lastInsertRowid } = database.run(
      `INSERT INTO transform_jobs (account, region, name, request, model, status, created, modified)
       VALUES (?, ?, ?, ?, ?, 'InProgress', ?, ?) ON CONFLICT DO NOTHING`,
      ...[account, region, name, JSON.stringify(request), JSON.stringify(model), time, time],
    );
    if (changes === 0) throw alreadyExists('Transform job', arn);
    setTags(arn, tags, database);
    return transformJobById(lastInsertRowid, database);
  });
}

export function transformJobById(id: number, database: Database): TransformJobRow {
  const job = database.get<TransformJobRow>('SELECT * FROM transform_jobs WHERE id = ?', id);
  if (job === undefined) throw new TypeError(`There is no transform job ${id}.`);
  return job;
}

/** @throws AwsFault ValidationException in AWS's words. */
export function requireTransformJob(name: string, { account, region }: Place, database: Database): TransformJobRow {
  const job = database.get<TransformJobRow>(
    'SELECT * FROM transform_jobs WHERE account = ? AND region = ? AND name = ?',
    ...[account, region, name],
  );
  if (job === undefined) throw validation(`Could not find requested job with name: ${name}`);
  return job;
}

export function openTransformJobs(database: Database): TransformJobRow[] {
  return database.all<TransformJobRow>(
    `SELECT * FROM transform_jobs WHERE status IN ('InProgress', 'Stopping') ORDER BY id`,
  );
}

export interface TransformEnd {
  readonly status: 'Completed' | 'Failed' | 'Stopped';
  /** FailureReason. */
  readonly failure?: string | undefined;
}

export function endTransformJob(
  { id }: Pick<TransformJobRow, 'id'>,
  { status, failure, now }: TransformEnd & { readonly now: Date },
  database: Database,
): void {
  const time = now.getTime();
  database.transaction(() => {
    database.run(
      'UPDATE transform_jobs SET status = ?, failure = ?, modified = ?, ended = ? WHERE id = ?',
      ...[status, failure ?? null, time, time, id],
    );
    database.run('DELETE FROM transformed_objects WHERE job = ?', id);
  });
}
