import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isStoreFault } from '../../../store/index.ts';
import { createChannelStore } from '../channels/store.ts';
import { type Claim, type Cores, waitingMessage } from '../cores.ts';
import { watchQueue } from '../queue-watch.ts';
import { removeSocketFolders } from '../socket-folder.ts';
import type { SageMakerState } from '../state.ts';
import { coresOf, threadsOf } from './admission.ts';
import { recordEnd } from './end.ts';
import { outcomeOf } from './failure.ts';
import { createBerths } from './instance/berths.ts';
import { featureCache, featureCaches } from './instance/layout.ts';
import { createListeners, type JobNews } from './listeners.ts';
import type { NewTrainingJob, TrainingJobRow, TrainingRequest } from './record.ts';
import { insertTrainingJob, jobById, openJobs, requestOf } from './record.ts';
import { restartRules } from './rule-status.ts';
import { runTrainingJob } from './run.ts';
import { removeUnfinished, type SharedFeatures, sharedFeatures } from './shared-features.ts';
import { createStopControl, type StopControl } from './stop-control.ts';
import { markStopping } from './stopping.ts';
import { enter, transitionsOf } from './transitions.ts';

/** The training jobs at work: what operations and tuning ask of them. */
export interface TrainingJobs extends JobNews {
  /**
   * Records a checked job; it starts when there is room. May be called within a transaction, so that its caller's rows and the job are there
   * together or not at all.
   * @throws AwsFault ResourceInUse where the name is taken.
   */
  create(request: TrainingRequest, options: NewTrainingJob): TrainingJobRow;
  /** Asks a job that has not ended to stop; it is Stopping when this returns, and keeps what it has learnt. */
  stop(job: TrainingJobRow): void;
  /** No further training job of a tuning job (its ARN) comes: what waits for it ends. @returns undefined where nothing waits. */
  retire(tuningJobArn: string): Promise<void> | undefined;
  /** Takes up what an earlier server left. */
  resume(): Promise<void>;
  /** Ends instances; their jobs go on when a server resumes them. */
  close(): Promise<void>;
}

interface Running {
  readonly control: StopControl;
  readonly done: Promise<void>;
}

/** The queue is in the tables; here is what runs. Nothing starts before `resume` has been called. */
export function createTrainingJobs(state: SageMakerState, cores: Cores): TrainingJobs {
  const { database, journal } = state;
  const channels = createChannelStore(state);
  const featuresOf = (job: TrainingJobRow): SharedFeatures => {
    const directory = featureCache({ account: job.account, roleArn: requestOf(job).RoleArn }, state);
    return sharedFeatures(directory, (error) =>
      journal.write('warn', { message: 'features could not be kept', error: String(error) }),
    );
  };
  const berths = createBerths(state);
  const running = new Map<number, Running>();
  const listeners = createListeners(journal);

  const claims = () => openJobs(database).flatMap((job) => claimOf(job, { running, cores }));
  const place = cores.join({ claims, wake: () => wake() });
  const pass = (): void => {
    const { admitted, waiting } = place.look();
    const idle = openJobs(database).filter(({ id }) => !running.has(id));
    for (const job of idle) if (admitted.has(job.id) || needsNoCores(job)) begin(job);
    database.transaction(() => {
      for (const job of idle) {
        const before = waiting.get(job.id);
        if (before !== undefined) wait(job, waitingMessage(before, cores.count), state);
      }
    });
  };

  const { wake, attempt, trouble, ...queue } = watchQueue('training jobs', pass, state);

  const begin = (job: TrainingJobRow): void => {
    const control = createStopControl();
    if (job.stop !== null) control.stop(job.stop);
    const threads = threadsOf(job, cores.count, place.free());
    const done = runTrainingJob(job, {
      ...{ state, channels, berths, threads, features: featuresOf(job), stop: control },
      onMetrics: (values) => listeners.metrics(job, values),
      onPrepared: () => listeners.prepared(job),
    })
      .then((hasEnded) => {
        running.delete(job.id);
        if (hasEnded) ended(job.id);
        place.freed();
      })
      .catch((error: unknown) => {
        running.delete(job.id);
        if (isStoreFault(error)) return trouble(error);
        // A defect does not go away by waiting.
        attempt(() => {
          recordEnd(job, { end: outcomeOf(error, job, state) }, state);
          ended(job.id);
          place.freed();
        });
      });
    running.set(job.id, { control, done });
  };

  const ended = (id: number): void => {
    const job = jobById(id, database);
    journal.write('info', {
      message: 'training job',
      job: job.name,
      status: job.status,
      reason: job.failure ?? undefined,
    });
    listeners.ended(job);
  };

  return {
    create(request, options) {
      const job = insertTrainingJob(request, options, database);
      wake();
      return job;
    },
    stop(job) {
      markStopping(job, 'request', state);
      const run = running.get(job.id);
      if (run) run.control.stop('request');
      else wake();
    },
    ...listeners.news,
    retire: berths.retire,
    async resume() {
      // First what takes room: on a full disk nothing can be written before.
      await removeUnfinished(featureCaches(state));
      await removeLeftovers(state);
      database.transaction(() => {
        for (const job of openJobs(database)) restart(job, state);
      });
      await channels.tidy();
      queue.open();
    },
    async close() {
      queue.close();
      const runs = [...running.values()];
      for (const { control } of runs) control.stop('closing');
      await Promise.all(runs.map(({ done }) => done));
      await berths.close();
    },
  };
}

/** What only has to be ended or uploaded begins at once. */
function needsNoCores({ outcome, stop }: TrainingJobRow): boolean {
  return outcome !== null || stop !== null;
}

function claimOf(
  job: TrainingJobRow,
  { running, cores }: { readonly running: ReadonlyMap<number, unknown>; readonly cores: Cores },
): Claim[] {
  const isAtWork = running.has(job.id);
  if (!isAtWork && needsNoCores(job)) return [];
  return [{ id: job.id, created: job.created, cores: coresOf(job, cores.count), isAtWork }];
}

function wait(job: TrainingJobRow, message: string, { database, clock }: SageMakerState): void {
  const last = transitionsOf(job.id, database).at(-1);
  if (last?.status === 'Pending' && last.message === message) return;
  enter(job.id, { secondary: 'Pending', message, now: clock.now() }, database);
}

/** A job that was at work when a server ended begins again: with its checkpoints and the features that it has computed. */
function restart(job: TrainingJobRow, { database, clock }: SageMakerState): void {
  const hasBegun = job.started !== null;
  if (!hasBegun || job.outcome !== null || job.stop !== null) return;
  const now = clock.now();
  enter(job.id, { secondary: 'Restarting', message: 'Restarting, as the server was restarted', now }, database);
  restartRules(job.id, { database, now });
}

/** Folders of jobs that had ended when a server was killed, and what others were about to upload: they make it again. */
async function removeLeftovers({ directory, database, journal }: SageMakerState): Promise<void> {
  const open = new Set(openJobs(database).map(({ id }) => id));
  const folder = join(directory, 'jobs');
  for (const name of await readdir(folder).catch(() => [])) {
    const [, id] = /-(\d+)$/.exec(name) ?? /^(\d+)\.sockets$/.exec(name) ?? [];
    if (id === undefined) continue;
    const leftover = open.has(Number(id)) ? join(name, 'spool') : name;
    // An instance may have made folders that nobody can remove: they are in nobody's way.
    await rm(join(folder, leftover), { recursive: true, force: true }).catch((error: unknown) => {
      journal.write('warn', { message: 'a folder could not be removed', folder: leftover, error: String(error) });
    });
  }
  const sockets = { state: directory, temporary: tmpdir() };
  await removeSocketFolders(sockets, (job) => /^\d+$/.test(job) && !open.has(Number(job)));
}
