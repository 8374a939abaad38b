/** One training job, from its admission to its end. Reads like the list of its secondary statuses. */
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isWhippetError } from '../../../errors/index.ts';
import { isStoreFault } from '../../../store/index.ts';
import { AwsFault } from '../../../wire/index.ts';
import { listChannel, shardsOf } from '../channels/listing.ts';
import type { ChannelStore, HeldChannel } from '../channels/store.ts';
import type { RoleSession, SageMakerState } from '../state.ts';
import { checkpointSync } from './checkpoints.ts';
import { deliverModel, deliverOutput } from './deliver.ts';
import { configFiles, writeTree } from './instance/config-files.ts';
import { type JobLayout, jobLayout } from './instance/layout.ts';
import { startInstances } from './instance/start.ts';
import { finalMetricsOf } from './metric-history.ts';
import type { MetricValue } from './metrics.ts';
import { failed, JobFailure, type Outcome, recordedOutcome, stopped } from './outcome.ts';
import { jobById, requestOf, type TrainingJobRow, type TrainingRequest, trainingJobArn } from './record.ts';
import { endRules, recordRule } from './rule-status.ts';
import type { SharedFeatures } from './shared-features.ts';
import type { StopControl } from './stop-control.ts';
import { enter } from './transitions.ts';
import { watchInstances } from './watch.ts';

export interface RunGround {
  readonly state: SageMakerState;
  readonly channels: ChannelStore;
  readonly features: SharedFeatures;
  /** Of each instance. */
  readonly threads: number;
  readonly stop: StopControl;
  readonly onMetrics: (values: readonly MetricValue[]) => void;
}

interface Run extends RunGround {
  readonly job: TrainingJobRow;
  readonly request: TrainingRequest;
  readonly layout: JobLayout;
}

/**
 * Works on a job until its end is on the disk.
 * @returns false where the server ends first: the rows are such that the next one goes on.
 * @throws the error of the disk where not even the end can be written down.
 */
export async function runTrainingJob(job: TrainingJobRow, ground: RunGround): Promise<boolean> {
  const request = requestOf(job);
  const instances = request.ResourceConfig?.InstanceCount ?? 1;
  const layout = jobLayout(job, { instances, state: ground.state, temporary: tmpdir() });
  const run: Run = { ...ground, job, request, layout };
  const outcome = recordedOutcome(job) ?? (await work(run).catch((error: unknown) => explain(error, run)));
  if (outcome === 'closing') return false;
  await upload(outcome, run);
  await Promise.all(layout.hosts.map(({ cache }) => ground.features.take(cache)));
  await clear(layout);
  return true;
}

/** Starting, Downloading, Training. */
async function work(run: Run): Promise<Outcome | 'closing'> {
  const { job, request, layout, state, stop, channels } = run;
  stop.signal.throwIfAborted();
  step(run, 'Starting', 'Preparing the instances for training');
  const session = await assume(run);
  const now = state.clock.now().getTime();
  state.database.transaction(() => {
    state.database.run('UPDATE training_jobs SET started = COALESCE(started, ?) WHERE id = ?', now, job.id);
    step(run, 'Downloading', 'Downloading input data');
  });
  const held: HeldChannel[] = [];
  const clock = startClock(run);
  try {
    const folders = await download(run, { session, channels, held });
    const checkpoints = checkpointSync(request, join(layout.hosts[0]?.root ?? '', 'checkpoints'));
    await checkpoints.pull(session.objects);
    stop.signal.throwIfAborted();
    const hosts = layout.hosts.map(({ name }) => name);
    for (const [at, host] of layout.hosts.entries()) {
      const files = configFiles(request, { current: host.name, hosts });
      await writeTree(host, files, folders[at] ?? new Map());
    }
    await mkdir(layout.spool, { recursive: true, mode: 0o700 });
    await mkdir(run.features.directory, { recursive: true, mode: 0o700 });
    const uploads = { objects: session.objects, spool: layout.spool };
    const trouble = (error: unknown): void => tellTrouble('a checkpoint could not be uploaded', error, run);
    const running = await startInstances(
      job,
      {
        ...{ layout, session, threads: run.threads, channels: folders, onMetrics: run.onMetrics },
        sharedFeatures: run.features.directory,
        onEvent(event) {
          if (event.type === 'checkpoint') void checkpoints.push(uploads).catch(trouble);
          if (event.type === 'rule') recordRule(job.id, event, { database: state.database, now: state.clock.now() });
        },
      },
      state,
    );
    step(run, 'Training', 'Training image download completed. Training in progress.');
    const outcome = await watchInstances(running, stop);
    if (outcome !== 'closing') await checkpoints.push(uploads);
    return outcome;
  } finally {
    clearTimeout(clock);
    for (const channel of held) channel.release();
  }
}

function step({ job, state }: Run, secondary: Parameters<typeof enter>[1]['secondary'], message: string): void {
  // A job that is to stop says so until it has stopped.
  const { status } = jobById(job.id, state.database);
  if (status === 'InProgress') enter(job.id, { secondary, message, now: state.clock.now() }, state.database);
}

/** @throws JobFailure in AWS's words. */
async function assume({ job, request, state }: Run): Promise<RoleSession> {
  const session = await state.roles.assume(request.RoleArn, {
    ...{ sessionName: job.name, region: job.region, sourceArn: trainingJobArn(job) },
  });
  if (session !== undefined) return session;
  throw new JobFailure(failed('ClientError', couldNotAssume(request.RoleArn)));
}

export function couldNotAssume(roleArn: string): string {
  return `Could not assume role ${roleArn}. Please ensure that the role exists and allows principal 'sagemaker.amazonaws.com' to assume the role.`;
}

/** Folders of the channels by their names, for each host. What is held is released by the caller. */
async function download(
  { job, request, layout, stop }: Run,
  { session, channels, held }: { session: RoleSession; channels: ChannelStore; held: HeldChannel[] },
): Promise<ReadonlyMap<string, string>[]> {
  const folders = layout.hosts.map(() => new Map<string, string>());
  const ground = { objects: session.objects, signal: stop.signal };
  for (const channel of request.InputDataConfig ?? []) {
    const files = await listChannel(channel, { ...ground, roleArn: request.RoleArn, region: job.region });
    const distribution = channel.DataSource?.S3DataSource?.S3DataDistributionType;
    const shards = shardsOf(files, { hosts: layout.hosts.length, distribution });
    let last: HeldChannel | undefined;
    for (const [at, shard] of shards.entries()) {
      if (last === undefined || shard !== shards[at - 1]) {
        last = await channels.hold(shard, ground);
        held.push(last);
      }
      folders[at]?.set(channel.ChannelName ?? '', last.path);
    }
  }
  return folders;
}

/** Ends the job when its time is over, from when it begins to cost. A server that was restarted gives it all of its time again. */
function startClock({ job, request, stop, state }: Run): NodeJS.Timeout {
  const seconds = request.StoppingCondition?.MaxRuntimeInSeconds ?? 86_400;
  const longest = 2 ** 31 - 1;
  return setTimeout(
    () => {
      markStopping(job, 'runtime', state);
      stop.stop('runtime');
    },
    Math.min(seconds * 1000, longest),
  );
}

/** The job says that it is to end, also to a server that takes it up later. */
export function markStopping(
  job: Pick<TrainingJobRow, 'id'>,
  reason: 'request' | 'runtime',
  { database, clock }: Pick<SageMakerState, 'database' | 'clock'>,
): void {
  database.transaction(() => {
    database.run('UPDATE training_jobs SET stop = COALESCE(stop, ?) WHERE id = ?', reason, job.id);
    enter(
      job.id,
      { secondary: 'Stopping', status: 'Stopping', message: 'Stopping the training job', now: clock.now() },
      database,
    );
  });
}

/** What was thrown becomes the job's end. */
function explain(error: unknown, run: Run): Outcome | 'closing' {
  const { stop, state, job } = run;
  if (stop.reason !== undefined) return stop.reason === 'closing' ? 'closing' : stopped(stop.reason);
  return failureOf(error, { state, job });
}

function failureOf(error: unknown, { state, job }: Pick<Run, 'state' | 'job'>): Outcome {
  if (error instanceof JobFailure) return error.outcome;
  if (error instanceof AwsFault) return failed('ClientError', `Data download failed: ${error.code}: ${error.message}`);
  const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC' || (isStoreFault(error) && error.kind === 'full');
  if (isFull) return failed('InternalServerError', 'the disk of the server is full.');
  state.journal.write('error', {
    message: 'training job',
    job: job.name,
    error: String((error as Error).stack ?? error),
  });
  if (isWhippetError(error)) return failed('InternalServerError', error.message);
  return failed('InternalServerError', 'We encountered an internal error. Please try again.');
}

/** Uploading, and then what the job ends as. The end is committed only after everything is in S3. */
async function upload(outcome: Outcome, run: Run): Promise<void> {
  const { job, request, layout, state } = run;
  const { database, clock } = state;
  database.transaction(() => {
    database.run('UPDATE training_jobs SET outcome = ? WHERE id = ?', JSON.stringify(outcome), job.id);
    if (outcome.status === 'Completed') {
      enter(
        job.id,
        { secondary: 'Uploading', message: 'Uploading generated training model', now: clock.now() },
        database,
      );
    }
  });
  let end = outcome;
  let artifact: string | undefined;
  try {
    await mkdir(layout.spool, { recursive: true, mode: 0o700 });
    const { objects } = await assume(run);
    const ground = { objects, spool: layout.spool };
    if (outcome.model) artifact = await deliverModel(request, layout, ground);
    await deliverOutput(request, layout, ground);
  } catch (error) {
    if (outcome.status === 'Failed') tellTrouble('what a failed job left could not be uploaded', error, run);
    else if (error instanceof AwsFault) {
      end = failed('ClientError', `Artifact upload failed: ${error.code}: ${error.message}`);
    } else end = failureOf(error, run);
  }
  finish(end, { run, artifact });
}

function finish(
  { status, secondary, reason }: Outcome,
  { run: { job, state }, artifact }: { readonly run: Run; readonly artifact: string | undefined },
): void {
  const { database, clock } = state;
  const now = clock.now();
  database.transaction(() => {
    const metrics = JSON.stringify(finalMetricsOf(job.id, database));
    database.run(
      'UPDATE training_jobs SET failure = ?, artifact = ?, metrics = ?, ended = ? WHERE id = ?',
      ...[reason ?? null, status === 'Failed' ? null : (artifact ?? null), metrics, now.getTime(), job.id],
    );
    endRules(job.id, { database, now });
    enter(job.id, { secondary, status, now, ...(reason !== undefined && { message: reason }) }, database);
  });
}

function tellTrouble(message: string, error: unknown, { job, state }: Run): void {
  state.journal.write('warn', { message, job: job.name, error: String(error) });
}

/** Files of an ended job are in S3. What cannot be removed now goes when the next server starts. */
async function clear({ directory, sockets }: JobLayout): Promise<void> {
  for (const path of [directory, sockets]) await rm(path, { recursive: true, force: true }).catch(() => {});
}
