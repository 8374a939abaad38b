import { parentPort, Worker } from 'node:worker_threads';
import { isWhippetError, reviveError } from '../../errors/index.ts';

/** A piece of work that blocks its thread and so gets one of its own. */
export interface ThreadJob<J, P> {
  /** Goes to the thread by structured clone; buffers in `transfer` move without a copy. */
  readonly job: J;
  readonly transfer: readonly ArrayBufferLike[];
  onProgress?(progress: P): void;
  readonly signal?: AbortSignal | undefined;
  /** Another wish to end, of which the work makes what it will; its reason must be plain data. */
  readonly stop?: AbortSignal | undefined;
}

/** What a thread is told. */
type Order<J> =
  | { readonly type: 'job'; readonly job: J }
  | { readonly type: 'abort' }
  | { readonly type: 'stop'; readonly reason: unknown }
  | { readonly type: 'end' };

type Reply<P, R> =
  | { readonly type: 'progress'; readonly progress: P }
  | { readonly type: 'result'; readonly result: R }
  | { readonly type: 'failed'; readonly error: { code: string; message: string; remedy: string } };

/** Threads of one entry that wait for their next piece of work: starting one, with what it loads and compiles, takes some 200 ms. */
export interface Threads {
  /** In one that waits, or a new one. Resolves to the result or rejects with the work's error. */
  run<J, P, R>(work: ThreadJob<J, P>): Promise<R>;
  /** Ends those that wait, and those at work after it. One that waits keeps no process alive. */
  close(): void;
}

/** @param entry A file that calls `serveThread`. */
export function openThreads(entry: URL): Threads {
  const idle = new Set<Worker>();
  const gone = new WeakSet<Worker>();
  let isOpen = true;
  const start = (): Worker => {
    const worker = new Worker(entry);
    // Of one that waits there is nothing to be told; one with an error is about to exit.
    for (const event of ['error', 'exit'] as const) {
      worker.on(event, () => {
        idle.delete(worker);
        gone.add(worker);
      });
    }
    return worker;
  };
  const rest = (worker: Worker): void => {
    worker.unref();
    idle.add(worker);
  };
  const end = (worker: Worker): void => {
    worker.ref();
    worker.postMessage({ type: 'end' } satisfies Order<never>);
  };
  return {
    async run(work) {
      const [worker = start()] = idle;
      idle.delete(worker);
      worker.ref();
      try {
        return await runIn(worker, entry, work);
      } finally {
        if (!gone.has(worker)) {
          if (isOpen) rest(worker);
          else end(worker);
        }
      }
    },
    close() {
      isOpen = false;
      for (const worker of idle) end(worker);
      idle.clear();
    },
  };
}

/** Starts `entry` (a file that calls `serveThread`) for one piece of work, and resolves to its result or rejects with its error. */
export async function runInThread<J, P, R>(entry: URL, work: ThreadJob<J, P>): Promise<R> {
  const threads = openThreads(entry);
  try {
    return await threads.run(work);
  } finally {
    threads.close();
  }
}

async function runIn<J, P, R>(worker: Worker, entry: URL, work: ThreadJob<J, P>): Promise<R> {
  const order = (given: Order<J>, transfer: readonly ArrayBufferLike[] = []): void =>
    worker.postMessage(given, [...transfer] as ArrayBuffer[]);
  const listening = new AbortController();
  const on = <E extends 'message' | 'error' | 'exit'>(event: E, listener: (value: never) => void): void => {
    worker.on(event, listener as never);
    listening.signal.addEventListener('abort', () => worker.off(event, listener as never), { once: true });
  };
  try {
    return await new Promise((resolve, reject) => {
      on('message', (reply: Reply<P, R>) => {
        if (reply.type === 'progress') work.onProgress?.(reply.progress);
        else if (reply.type === 'result') resolve(reply.result);
        else reject(reviveError(reply.error));
      });
      on('error', reject);
      on('exit', (code: number) => reject(new Error(`The thread of ${entry.pathname} ended early with code ${code}.`)));
      order({ type: 'job', job: work.job }, work.transfer);
      whenAborted(work.signal, listening.signal, () => order({ type: 'abort' }));
      whenAborted(work.stop, listening.signal, () => order({ type: 'stop', reason: work.stop?.reason }));
    });
  } catch (error) {
    // Work that an abort ended fails with the caller's own reason.
    work.signal?.throwIfAborted();
    throw error;
  } finally {
    listening.abort();
  }
}

/** At once if it is aborted already; not any more once `over` is. */
function whenAborted(signal: AbortSignal | undefined, over: AbortSignal, listener: () => void): void {
  if (signal?.aborted) listener();
  else signal?.addEventListener('abort', listener, { once: true, signal: over });
}

export interface ThreadHooks<P> {
  onProgress(progress: P): void;
  readonly signal: AbortSignal;
  readonly stop: AbortSignal;
}

/** The other side: does one piece of work after another, and tells progress, until there is no more. */
export function serveThread<J, P, R>(work: (job: J, hooks: ThreadHooks<P>) => Promise<R>): void {
  const port = parentPort;
  if (!port) throw new Error('This file is the entry of a worker thread.');
  const reply = (message: Reply<P, R>): void => port.postMessage(message);
  let [aborting, stopping] = [new AbortController(), new AbortController()];
  const begin = async (job: J): Promise<void> => {
    [aborting, stopping] = [new AbortController(), new AbortController()];
    const onProgress = (progress: P): void => reply({ type: 'progress', progress });
    try {
      reply({
        type: 'result',
        result: await work(job, { onProgress, signal: aborting.signal, stop: stopping.signal }),
      });
    } catch (error) {
      if (!isWhippetError(error)) throw error;
      reply({ type: 'failed', error: error.toJSON() });
    }
  };
  port.on('message', (order: Order<J>) => {
    // A defect is nobody's to catch: it ends the thread, and whoever waits for it hears so.
    if (order.type === 'job') void begin(order.job);
    else if (order.type === 'abort') aborting.abort();
    else if (order.type === 'stop') stopping.abort(order.reason);
    // An open port would keep the thread alive.
    else port.close();
  });
}
