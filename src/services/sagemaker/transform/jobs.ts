import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
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
  readonly instances: number;
}

/** The queue is in the tables; here is what runs. Nothing starts before `resume` has been called. */
export function createTransformJobs(state: SageMakerState): TransformJobs {
  const { database, journal, clock } = state;
  const running = new Map<number, Running>();

  const pass = (): void => {
    for (const job of startable(openTransformJobs(database), running, state)) begin(job);
  };
  const { wake, trouble, ...queue } = watchQueue('transform jobs', pass, state);

  const begin = (job: TransformJobRow): void => {
    const control = new AbortController();
    if (job.status === 'Stopping') control.abort('request');
    const instances = instancesOf(job, state);
    const done = runTransformJob(job, { state, instances, stop: control.signal as TransformStop })
      .then(() => {
        running.delete(job.id);
        wake();
      })
      .catch((error: unknown) => {
        running.delete(job.id);
        trouble(error);
      });
    running.set(job.id, { control, done, instances });
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
function instancesOf(job: TransformJobRow, { instances }: SageMakerState): number {
  return Math.max(1, Math.min(settingsOf(transformRequest(job)).instances, instances.cores));
}

/** Those that are to stop, and of those that wait, in their order, as many as have room. */
function startable(
  open: readonly TransformJobRow[],
  running: ReadonlyMap<number, Running>,
  state: SageMakerState,
): TransformJobRow[] {
  const idle = open.filter(({ id }) => !running.has(id));
  const admitted = idle.filter(({ status }) => status === 'Stopping');
  let used = [...running.values()].reduce((sum, { instances }) => sum + instances, 0);
  for (const job of idle.filter(({ status }) => status === 'InProgress')) {
    const needed = instancesOf(job, state);
    if (used > 0 && used + needed > state.instances.cores) break;
    used += needed;
    admitted.push(job);
  }
  return admitted;
}
