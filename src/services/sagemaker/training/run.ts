/** One training job, from its admission to its end. Reads like the list of its secondary statuses. */
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChannelStore, HeldChannel } from '../channels/store.ts';
import type { UploadGround } from '../output/upload.ts';
import type { RoleSession, SageMakerState } from '../state.ts';
import { type CheckpointSync, checkpointSync } from './checkpoints.ts';
import { requireOutput } from './deliver.ts';
import { clearJob, deliverJob, type EndingJob, type JobEnd, recordEnd } from './end.ts';
import { during, isFullDisk, outcomeOf } from './failure.ts';
import type { Berth, Berths } from './instance/berths.ts';
import { clearTree } from './instance/config-files.ts';
import { jobLayout } from './instance/layout.ts';
import { removeMovedTrees } from './instance/own-tree.ts';
import type { JobEvent } from './instance/read-event.ts';
import { type RunningHost, startInstances } from './instance/start.ts';
import type { MetricValue } from './metrics.ts';
import { failed, JobFailure, type Outcome, recordedOutcome, stopped } from './outcome.ts';
import { type ChannelFolders, download, writeInputs } from './prepare.ts';
import { jobById, requestOf, type TrainingJobRow } from './record.ts';
import { assumeRole, couldNotAssume } from './role.ts';
import { createRuleFeed } from './rule-status.ts';
import { stopsTraining } from './rules.ts';
import type { SharedFeatures } from './shared-features.ts';
import type { StopControl } from './stop-control.ts';
import { markStopping, startClock } from './stopping.ts';
import { enter, type Step } from './transitions.ts';
import { watchInstances } from './watch.ts';

export interface RunGround {
  readonly state: SageMakerState;
  readonly channels: ChannelStore;
  readonly features: SharedFeatures;
  readonly berths: Berths;
  /** Of each instance. */
  readonly threads: number;
  readonly stop: StopControl;
  readonly onMetrics: (values: readonly MetricValue[]) => void;
  /** The job's features are there, also for other jobs: what follows takes little. */
  readonly onPrepared: () => void;
}

type Run = RunGround & EndingJob & { readonly berth: Berth | undefined };

/**
 * Works on a job until its end is on the disk.
 * @returns false where the server ends first: the rows are such that the next one goes on.
 * @throws the error of the disk where not even the end can be written down.
 */
export async function runTrainingJob(job: TrainingJobRow, ground: RunGround): Promise<boolean> {
  const request = requestOf(job);
  const instances = request.ResourceConfig?.InstanceCount ?? 1;
  const own = jobLayout(job, { instances, state: ground.state, temporary: tmpdir() });
  const known = recordedOutcome(job);
  // What has only to be uploaded lies where the server before has left it.
  const berth = known ? undefined : ground.berths.take(job, own);
  const layout = berth?.layout ?? own;
  const run: Run = { ...ground, job, request, layout, berth };
  try {
    const outcome = known ?? (await work(run).catch((error: unknown) => interruption(error, run)));
    const ending = outcome === 'closing' ? outcome : await deliver(run, outcome);
    if (ending === 'closing') {
      await berth?.leave();
      return false;
    }
    for (const { cache } of layout.hosts) await ground.features.take(cache, { isAlive: berth?.isAlive() ?? false });
    // Once the end is written down the next trial begins, and is to find the process waiting.
    await berth?.release();
    recordEnd(job, ending, ground.state);
    if (!berth) await clearJob(layout);
    return true;
  } catch (error) {
    await berth?.leave();
    throw error;
  }
}

/** What a failed job left may be what fills the disk: without it, at least its end can be written down. */
async function deliver(run: Run, outcome: Outcome): Promise<JobEnd | 'closing'> {
  const { layout, berth, state, stop } = run;
  try {
    const ending = { outcome, assume: () => assume(run), staysHere: !berth, closing: stop.closing };
    return await deliverJob(run, ending, state);
  } catch (error) {
    if (outcome.status !== 'Failed' || berth || !isFullDisk(error)) throw error;
    await clearJob(layout);
    return { end: outcome };
  }
}

/** What is thrown on the way by whoever wants the work to end is no failure. */
function interruption(error: unknown, { stop: { reason }, job, state }: Run): Outcome | 'closing' {
  if (reason === undefined) return outcomeOf(error, job, state);
  return reason === 'closing' ? 'closing' : stopped(reason);
}

/** Starting, Downloading, Training. */
async function work(run: Run): Promise<Outcome | 'closing'> {
  const { job, request, layout, berth, state, channels, stop } = run;
  stop.signal.throwIfAborted();
  step(run, { secondary: 'Starting', message: 'Preparing the instances for training' });
  const session = await assume(run);
  begin(run);
  const stopClock = startClock(job, run, state);
  const held: HeldChannel[] = [];
  try {
    const ground = { session, channels, held, signal: stop.signal };
    const folders = await during('Data download failed', () =>
      download(job, { request, hosts: layout.hosts.length }, ground),
    );
    await during('Artifact upload failed', () => requireOutput(request, session.objects));
    const checkpoints = checkpointSync(request, join(layout.hosts[0]?.root ?? '', 'checkpoints'));
    if (!berth) {
      await removeMovedTrees(layout.hosts);
      await during('Checkpoint download failed', () => checkpoints.pull(session.objects));
      for (const host of layout.hosts) await clearTree(host);
    }
    await writeInputs(request, layout, folders);
    stop.signal.throwIfAborted();
    return await train(run, { session, folders, checkpoints });
  } finally {
    stopClock();
    for (const channel of held) channel.release();
  }
}

/** From here on the job costs. */
function begin(run: Run): void {
  const { job, state } = run;
  state.database.transaction(() => {
    const now = state.clock.now().getTime();
    state.database.run('UPDATE training_jobs SET started = COALESCE(started, ?) WHERE id = ?', now, job.id);
    step(run, { secondary: 'Downloading', message: 'Downloading input data' });
  });
}

interface Prepared {
  readonly session: RoleSession;
  readonly folders: ChannelFolders;
  readonly checkpoints: CheckpointSync;
}

async function train(run: Run, { session, folders, checkpoints }: Prepared): Promise<Outcome | 'closing'> {
  const { job, layout, berth, state, features, threads, onMetrics, onPrepared, stop } = run;
  await mkdir(features.directory, { recursive: true, mode: 0o700 });
  const uploads = { objects: session.objects, spool: layout.spool };
  const prepared = async (): Promise<void> => {
    for (const { cache } of layout.hosts) await features.take(cache, { isAlive: true });
    onPrepared();
  };
  const listener = listen(run, { checkpoints, uploads, prepared });
  const hosts = await startInstances(
    job,
    {
      ...{ layout, session, threads, channels: folders, onMetrics, starter: berth ?? state.instances },
      ...{ sharedFeatures: features.directory, onEvent: listener.hear },
    },
    state,
  );
  const outcome = await watching(hosts, async () => {
    step(run, { secondary: 'Training', message: 'Training image download completed. Training in progress.' });
    return watchInstances(hosts, stop);
  });
  listener.flush();
  if (outcome === 'closing') return outcome;
  const lastPush = during('Checkpoint upload failed', () => checkpoints.push(uploads));
  if (outcome.status === 'Failed') await lastPush.catch(listener.trouble);
  else await lastPush;
  return outcome.status === 'Completed' && listener.wasStopped() ? stopped('request', true) : outcome;
}

/** Whatever is thrown meanwhile, no instance outlives the work on its job. */
async function watching<Result>(hosts: readonly RunningHost[], work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } finally {
    await Promise.all(hosts.map(({ instance }) => instance.stop(0)));
  }
}

interface Listener {
  readonly hear: (event: JobEvent) => void;
  readonly trouble: (error: unknown) => void;
  /** What was heard is on the disk when it returns. */
  readonly flush: () => void;
  /** Whether a rule has stopped the job. */
  readonly wasStopped: () => boolean;
}

interface ListenerGround {
  readonly checkpoints: CheckpointSync;
  readonly uploads: UploadGround;
  readonly prepared: () => Promise<void>;
}

function listen({ job, request, state }: Run, { checkpoints, uploads, prepared }: ListenerGround): Listener {
  let isStopped = false;
  const trouble = (error: unknown): void =>
    state.journal.write('warn', { message: 'an event of a training job', job: job.name, error: String(error) });
  const rules = createRuleFeed(job.id, state, trouble);
  const hear = (event: JobEvent): void => {
    if (event.type === 'checkpoint') void checkpoints.push(uploads).catch(trouble);
    if (event.type === 'phase' && event.phase === 'training') void prepared().catch(trouble);
    if (event.type !== 'rule') return;
    rules.tell(event);
    if (event.status !== 'IssuesFound' || isStopped || !stopsTraining(request, event.configuration)) return;
    // The container stops by itself; AWS's rule would call StopTrainingJob.
    isStopped = true;
    markStopping(job, 'request', state);
  };
  return {
    trouble,
    flush: rules.flush,
    wasStopped: () => isStopped,
    hear(event) {
      try {
        hear(event);
      } catch (error) {
        trouble(error);
      }
    },
  };
}

/** A job that is to stop says so until it has stopped. */
function step({ job, state }: Run, { secondary, message }: Omit<Step, 'now' | 'status'>): void {
  const { status } = jobById(job.id, state.database);
  if (status !== 'InProgress') return;
  enter(job.id, { secondary, now: state.clock.now(), ...(message !== undefined && { message }) }, state.database);
}

/** @throws JobFailure in AWS's words. */
async function assume({ job, request, state }: Run): Promise<RoleSession> {
  const session = await assumeRole({ roleArn: request.RoleArn, job }, state);
  if (session !== undefined) return session;
  throw new JobFailure(failed('ClientError', couldNotAssume(request.RoleArn)));
}
