import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { type Claim, type Cores, waitingMessage } from '../cores.ts';
import { watchQueue } from '../queue-watch.ts';
import { removeSocketFolders } from '../socket-folder.ts';
import type { SageMakerState } from '../state.ts';
import { transformFolder } from './layout.ts';
import {
  insertTransformJob,
  type NewTransformJob,
  openTransformJobs,
  type TransformJobRow,
  type TransformRequest,
  transformRequest,
} from './record.ts';
import { runTransformJob, type TransformStop } from './run.ts';
import { settingsOf } from './settings.ts';

/** The transform jobs at work. */
export interface TransformJobs {
  /** Records a checked job; it starts when there is room. @throws AwsFault ResourceInUse where the name is taken. */
  create(request: TransformRequest, options: NewTransformJob): TransformJobRow;
  /** Asks a job that has not ended to stop; results that are written stay. */
  stop(job: TransformJobRow): void;
  /** Takes up what an earlier server left. */
  resume(): Promise<void>;
  /** Ends instances; their jobs go on when a server resumes them. */
  close(): Promise<void>;
}

interface Running {
  readonly control: AbortController;
  readonly done: Promise<void>;
}

/** The queue is in the tables; here is what runs. Nothing starts before `resume` has been called. */
export function createTransformJobs(state: SageMakerState, cores: Cores): TransformJobs {
  const { database, journal, clock } = state;
  const running = new Map<number, Running>();
  const waits = waitsTold(state, cores);

  const claims = () => openTransformJobs(database).flatMap((job) => claimOf(job, { running, cores }));
  const place = cores.join({ claims, wake: () => wake() });
  const pass = (): void => {
    const { admitted, waiting } = place.look();
    for (const job of openTransformJobs(database)) {
      const before = waiting.get(job.id);
      if (before !== undefined) waits.tell(job, before);
      else if (!running.has(job.id) && (admitted.has(job.id) || job.status === 'Stopping')) begin(job);
    }
  };
  const { wake, trouble, ...queue } = watchQueue('transform jobs', pass, state);

  const begin = (job: TransformJobRow): void => {
    const control = new AbortController();
    if (job.status === 'Stopping') control.abort('request');
    const instances = instancesOf(job, cores);
    waits.forget(job);
    const done = runTransformJob(job, { state, instances, stop: control.signal as TransformStop })
      .then(() => {
        running.delete(job.id);
        place.freed();
      })
      .catch((error: unknown) => {
        running.delete(job.id);
        trouble(error);
      });
    running.set(job.id, { control, done });
  };

  return {
    create(request, options) {
      const job = insertTransformJob(request, options, database);
      wake();
      return job;
    },
    stop(job) {
      const time = clock.now().getTime();
      database.run(`UPDATE transform_jobs SET status = 'Stopping', modified = ? WHERE id = ?`, time, job.id);
      running.get(job.id)?.control.abort('request');
      wake();
    },
    async resume() {
      // An instance may have made folders that nobody can remove: they are in nobody's way.
      await rm(transformFolder(state), { recursive: true, force: true }).catch((error: unknown) => {
        journal.write('warn', { message: 'files of transform jobs could not be removed', error: String(error) });
      });
      await removeSocketFolders({ state: state.directory, temporary: tmpdir() }, (job) => job.startsWith('t'));
      queue.open();
    },
    async close() {
      queue.close();
      const runs = [...running.values()];
      for (const { control } of runs) control.abort('closing');
      await Promise.all(runs.map(({ done }) => done));
    },
  };
}

/** An instance has one core, so no more are started than there are. */
function instancesOf(job: TransformJobRow, { count }: Cores): number {
  return Math.max(1, Math.min(settingsOf(transformRequest(job)).instances, count));
}

/** One that is to stop and not at work begins at once, to be ended. */
function claimOf(
  job: TransformJobRow,
  { running, cores }: { readonly running: ReadonlyMap<number, unknown>; readonly cores: Cores },
): Claim[] {
  const isAtWork = running.has(job.id);
  if (!isAtWork && job.status === 'Stopping') return [];
  return [{ id: job.id, created: job.created, cores: instancesOf(job, cores), isAtWork }];
}

/** AWS's API has no place for why a transform job waits: it has no TransformStartTime, and the journal tells once of it. */
function waitsTold({ journal }: Pick<SageMakerState, 'journal'>, { count }: Cores) {
  const told = new Set<number>();
  return {
    tell({ id, name }: TransformJobRow, before: number): void {
      if (told.has(id)) return;
      told.add(id);
      journal.write('info', {
        message: 'transform job',
        job: name,
        status: 'waiting',
        reason: waitingMessage(before, count),
      });
    },
    forget: ({ id }: TransformJobRow): boolean => told.delete(id),
  };
}
