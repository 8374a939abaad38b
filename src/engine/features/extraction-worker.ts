/**
 * A worker process: reads, checks and decodes pictures on this thread (sharp's work is done by libuv's pool) and computes features
 * on another. It keeps nothing, so whoever wants it gone may kill it; when its parent is gone, it kills itself.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { entryFile } from '../../entry/index.ts';
import { isWhippetError, userError } from '../../errors/index.ts';
import { decodePicture } from '../image/decode.ts';
import { type Batches, gatherBatches } from './batches.ts';
import { errorJson } from './error-json.ts';
import {
  type FromThread,
  type FromWorker,
  nameMark,
  type Outcome,
  type Task,
  type ToWorker,
  type WorkerSetup,
} from './protocol.ts';

/** As many pictures are read and decoded at a time as libuv has threads. */
const decodersAtOnce = 4;
/** Crops made ahead of the session: one batch runs, one waits, one gathers. */
const batchesAhead = 3;

process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Ctrl-C reaches the whole process group; the parent decides.
process.on('SIGINT', () => {});

function tell(message: FromWorker): void {
  process.send?.(message);
}

function fail(error: unknown): void {
  tell({ type: 'failed', error: errorJson(error) });
}

/** Starts the thread with the session; batches sent before it is ready wait in its queue. */
function startSession(setup: WorkerSetup): Batches {
  const thread = new Worker(entryFile(import.meta.url, 'session-thread'), { workerData: setup, execArgv: [] });
  const running = new Map<number, (features: Float32Array) => void>();
  let batches = 0;
  thread.on('error', fail);
  thread.on('message', (message: FromThread) => {
    if (message.type === 'batch') {
      running.get(message.id)?.(message.features);
      running.delete(message.id);
    } else tell(message);
  });
  const { size } = setup.preprocessing;
  return gatherBatches({ rows: setup.batch, rowBytes: size * size * 3 }, (pixels) => {
    const id = batches++;
    thread.postMessage({ id, pixels }, [pixels.buffer]);
    return new Promise((resolve) => running.set(id, resolve));
  });
}

async function readPicture({ path, name, digest }: Task): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw userError('WHIPPET_IMAGE_UNREADABLE', { source: name, reason: (error as Error).message }, error);
  }
  if (createHash('sha256').update(bytes).digest('hex') !== digest) {
    throw userError('WHIPPET_FEATURES_CHANGED', { source: name });
  }
  return bytes;
}

interface Job {
  readonly task: Task;
  readonly row: number;
  readonly features: Float32Array;
  readonly done: (outcome: Outcome) => void;
}

function startWork(setup: WorkerSetup): (id: number, tasks: readonly Task[]) => void {
  const { dimension, preprocessing, batch } = setup;
  const batches = startSession(setup);
  const queue: Job[] = [];
  let decoding = 0;
  let expected = 0;

  /** Resolves once the crops are in batches; `done` is called when their features are there. */
  async function decode({ task, row, features, done }: Job): Promise<void> {
    let holds: 'file' | 'ever' = 'file';
    try {
      const bytes = await readPicture(task);
      holds = 'ever';
      const { views, digest } = task;
      const { facts, views: crops } = await decodePicture(bytes, { source: nameMark, preprocessing, views, digest });
      const computed = crops.map(async (crop, view) => {
        const values = await batches.add(crop);
        features.set(values, (row + view) * dimension);
        pump();
        return values.every(Number.isFinite);
      });
      Promise.all(computed).then((finite) => {
        const refused = userError('WHIPPET_FEATURES_NOT_FINITE', { source: task.name });
        done(finite.every(Boolean) ? { facts } : { refused: errorJson(refused), holds: 'run' });
      }, fail);
    } catch (error) {
      if (isWhippetError(error)) done({ refused: errorJson(error), holds });
      else fail(error);
    }
  }

  function pump(): void {
    while (queue.length > 0 && decoding < decodersAtOnce && batches.pending + expected < batch * batchesAhead) {
      const job = queue.shift() as Job;
      decoding++;
      expected += job.task.views.length;
      void decode(job).then(() => {
        decoding--;
        expected -= job.task.views.length;
        pump();
      });
    }
    // Rows that wait while the session works may yet be joined by others.
    if (queue.length === 0 && decoding === 0 && batches.running === 0) batches.flush();
  }

  return (id, tasks) => {
    const rows = tasks.reduce((sum, { views }) => sum + views.length, 0);
    const features = new Float32Array(rows * dimension);
    const outcomes: Outcome[] = new Array(tasks.length);
    let left = tasks.length;
    let row = 0;
    tasks.forEach((task, at) => {
      const done = (outcome: Outcome): void => {
        outcomes[at] = outcome;
        if (--left === 0) tell({ type: 'unit', id, outcomes, features });
      };
      queue.push({ task, row, features, done });
      row += task.views.length;
    });
    pump();
  };
}

let work: ReturnType<typeof startWork> | undefined;
process.on('message', (message: ToWorker) => {
  if (message.type === 'setup') work = startWork(message.setup);
  else work?.(message.id, message.tasks);
});
