import { parentPort, Worker, workerData } from 'node:worker_threads';
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

/** What the thread is told while it works. */
type Order = { readonly type: 'abort' } | { readonly type: 'stop'; readonly reason: unknown };

type Reply<P, R> =
  | { readonly type: 'progress'; readonly progress: P }
  | { readonly type: 'result'; readonly result: R }
  | { readonly type: 'failed'; readonly error: { code: string; message: string; remedy: string } };

/** Starts `entry` (a file that calls `serveThread`), and resolves to its result or rejects with its error. */
export async function runInThread<J, P, R>(entry: URL, work: ThreadJob<J, P>): Promise<R> {
  const worker = new Worker(entry, { workerData: work.job, transferList: [...work.transfer] as ArrayBuffer[] });
  const order = (given: Order): void => worker.postMessage(given);
  const abort = (): void => order({ type: 'abort' });
  const stop = (): void => order({ type: 'stop', reason: work.stop?.reason });
  const forget = [whenAborted(work.signal, abort), whenAborted(work.stop, stop)];
  try {
    return await new Promise((resolve, reject) => {
      worker.on('message', (reply: Reply<P, R>) => {
        if (reply.type === 'progress') work.onProgress?.(reply.progress);
        else if (reply.type === 'result') resolve(reply.result);
        else reject(reviveError(reply.error));
      });
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`The thread of ${entry.pathname} ended early with code ${code}.`)));
    });
  } catch (error) {
    // Work that an abort ended fails with the caller's own reason.
    work.signal?.throwIfAborted();
    throw error;
  } finally {
    for (const one of forget) one();
  }
}

/** At once if it is aborted already. Returns what takes the listener off again. */
function whenAborted(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal?.aborted) listener();
  signal?.addEventListener('abort', listener, { once: true });
  return () => signal?.removeEventListener('abort', listener);
}

export interface ThreadHooks<P> {
  onProgress(progress: P): void;
  readonly signal: AbortSignal;
  readonly stop: AbortSignal;
}

/** The other side: does the work once, tells progress, ends the thread. */
export async function serveThread<J, P, R>(work: (job: J, hooks: ThreadHooks<P>) => Promise<R>): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('This file is the entry of a worker thread.');
  const [aborting, stopping] = [new AbortController(), new AbortController()];
  port.on('message', (order: Order) => {
    if (order.type === 'abort') aborting.abort();
    else stopping.abort(order.reason);
  });
  const reply = (message: Reply<P, R>): void => port.postMessage(message);
  try {
    const onProgress = (progress: P): void => reply({ type: 'progress', progress });
    const hooks = { onProgress, signal: aborting.signal, stop: stopping.signal };
    reply({ type: 'result', result: await work(workerData as J, hooks) });
  } catch (error) {
    if (!isWhippetError(error)) throw error;
    reply({ type: 'failed', error: error.toJSON() });
  } finally {
    // An open port would keep the thread alive.
    port.close();
  }
}
