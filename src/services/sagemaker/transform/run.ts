/** One transform job, from its beginning to its end. */
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isWhippetError } from '../../../errors/index.ts';
import { isStoreFault } from '../../../store/index.ts';
import { AwsFault } from '../../../wire/index.ts';
import { listChannel } from '../channels/listing.ts';
import { makeSocketFolder } from '../socket-folder.ts';
import type { RoleSession, SageMakerState } from '../state.ts';
import { failed, JobFailure } from '../training/outcome.ts';
import { couldNotAssume } from '../training/role.ts';
import { fetchModel } from './artifact.ts';
import { inputChannel } from './check.ts';
import { type ServingInstance, type ServingOptions, startServingInstance } from './instance.ts';
import { type TransformLayout, transformLayout } from './layout.ts';
import { dataLine, transformObjects } from './objects.ts';
import { doneObjects, failureOf } from './progress.ts';
import {
  endTransformJob,
  type TransformEnd,
  type TransformJobRow,
  transformJobArn,
  transformModel,
  transformRequest,
} from './record.ts';
import { settingsOf, type TransformSettings } from './settings.ts';

/** Aborted with what the job is to end for: its owner's request, or the end of the server. */
export type TransformStop = AbortSignal & { readonly reason: 'request' | 'closing' };

export interface TransformGround {
  readonly state: SageMakerState;
  /** Instances that are started: no more than there are cores. */
  readonly instances: number;
  readonly stop: TransformStop;
}

/** Instances have nothing to save. */
const stopSeconds = 5;

/**
 * Works on a job until its end is on the disk.
 * @returns false where the server ends first: the next one goes on with the objects that are not done.
 * @throws the error of the disk where not even the end can be written down.
 */
export async function runTransformJob(job: TransformJobRow, ground: TransformGround): Promise<boolean> {
  const { state } = ground;
  const end = await workIn(job, ground).catch((error: unknown) => explain(error, job, ground));
  if (end === 'closing') return false;
  endTransformJob(job, { ...end, now: state.clock.now() }, state.database);
  const reason = end.failure === undefined ? {} : { reason: end.failure };
  state.journal.write('info', { message: 'transform job', job: job.name, status: end.status, ...reason });
  return true;
}

interface Work extends TransformGround {
  readonly layout: TransformLayout;
}

/** In folders that go with it. */
async function workIn(job: TransformJobRow, ground: TransformGround): Promise<TransformEnd> {
  const { instances, state } = ground;
  const layout = transformLayout(job, { instances, state, temporary: tmpdir() });
  try {
    return await work(job, { ...ground, layout });
  } finally {
    await clear(layout);
  }
}

async function work(job: TransformJobRow, { state, stop, layout }: Work): Promise<TransformEnd> {
  stop.throwIfAborted();
  const request = transformRequest(job);
  const model = transformModel(job);
  const settings = settingsOf(request);
  const session = await assume(job, state);
  const now = state.clock.now().getTime();
  state.database.run(
    'UPDATE transform_jobs SET started = COALESCE(started, ?), modified = ? WHERE id = ?',
    ...[now, now, job.id],
  );
  const { objects } = session;
  const place = { objects, roleArn: model.roleArn, region: job.region, signal: stop };
  const files = await listChannel(inputChannel(request), place);
  await fetchModel(model, { session, layout, region: job.region, signal: stop });
  const running = await startAll(job, { layout, model, session, settings, stop }, state);
  try {
    for (const { dataLog } of running) dataLog.line(dataLine(describeSettings(settings, running.length)));
    await transformObjects(job, files, { instances: running, session, settings, signal: stop }, state);
  } finally {
    for (const { agent } of running) agent.destroy();
    await Promise.all(running.map(({ instance }) => instance.stop(stopSeconds)));
    for (const { log, dataLog } of running) for (const each of [log, dataLog]) each.flush();
  }
  const failure = failureOf(doneObjects(job.id, state.database));
  return failure === undefined ? { status: 'Completed' } : { status: 'Failed', failure };
}

/** Starts all instances, or none. */
async function startAll(
  job: TransformJobRow,
  { stop, ...options }: ServingOptions & { readonly stop: AbortSignal },
  state: SageMakerState,
): Promise<ServingInstance[]> {
  await makeSocketFolder(options.layout.sockets);
  const starting = options.layout.hosts.map((host) => startServingInstance(job, { ...options, host }, state));
  const settled = await Promise.allSettled(starting);
  const running = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const refused = settled.find((each) => each.status === 'rejected');
  if (refused === undefined && !stop.aborted) return running;
  await Promise.all(running.map(({ instance }) => instance.stop(stopSeconds)));
  stop.throwIfAborted();
  throw refused?.reason;
}

/** As AWS begins the data log; instances that are not started for want of cores are told of. */
function describeSettings({ concurrent, maxPayload, strategy, instances }: TransformSettings, started: number): string {
  const text = `MaxConcurrentTransforms=${concurrent}, MaxPayloadInMB=${(maxPayload ?? 0) / 1024 ** 2}, BatchStrategy=${strategy}`;
  return started < instances ? `${text}, ${started} of ${instances} instances: one for each core` : text;
}

/** @throws JobFailure in AWS's words. */
async function assume(job: TransformJobRow, { roles }: SageMakerState): Promise<RoleSession> {
  const { roleArn } = transformModel(job);
  const options = { sessionName: job.name, region: job.region, sourceArn: transformJobArn(job) };
  const session = await roles.assume(roleArn, options);
  if (session !== undefined) return session;
  throw new JobFailure(failed('ClientError', couldNotAssume(roleArn)));
}

/** What was thrown becomes the job's end. */
function explain(error: unknown, job: TransformJobRow, { stop, state }: TransformGround): TransformEnd | 'closing' {
  if (stop.aborted) return stop.reason === 'closing' ? 'closing' : { status: 'Stopped' };
  const ends = (outcome: { readonly reason?: string }): TransformEnd => ({ status: 'Failed', failure: outcome.reason });
  if (error instanceof JobFailure) return ends(error.outcome);
  if (error instanceof AwsFault) return ends(failed('ClientError', `${error.code}: ${error.message}`));
  const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC' || (isStoreFault(error) && error.kind === 'full');
  if (isFull) return ends(failed('InternalServerError', 'the disk of the server is full.'));
  const text = String((error as Error).stack ?? error);
  state.journal.write('error', { message: 'transform job', job: job.name, error: text });
  if (isWhippetError(error)) return ends(failed('InternalServerError', error.message));
  return ends(failed('InternalServerError', 'We encountered an internal error. Please try again.'));
}

/** What cannot be removed now goes when the next server starts. */
async function clear({ directory, sockets }: TransformLayout): Promise<void> {
  for (const path of [directory, sockets]) await rm(path, { recursive: true, force: true }).catch(() => {});
}
