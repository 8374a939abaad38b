import { parentPort, Worker, workerData } from 'node:worker_threads';
import { isWhippetError, reviveError } from '../../errors/index.ts';

/** A piece of work that blocks its thread and so gets one of its own. */
export interface ThreadJob<J, P> {
  /** Goes to the thread by structured clone; buffers in `transfer` move without a copy. */
  readonly job: J;
  readonly transfer: readonly ArrayBufferLike[];
  onProgress?(progress: P): void;
  readonly signal?: AbortSignal | undefined;
}

type Reply<P, R> =
  | { readonly type: 'progress'; readonly progress: P }
  | { readonly type: 'result'; readonly result: R }
  | { readonly type: 'failed'; readonly error: { code: string; message: string; remedy: string } };

/** Starts `entry` (a file that calls `serveThread`), and resolves to its result or rejects with its error. */
export async function runInThread<J, P, R>(entry: URL, work: ThreadJob<J, P>): Promise<R> {
  const worker = new Worker(entry, { workerData: work.job, transferList: [...work.transfer] as ArrayBuffer[] });
  const abort = (): void => worker.postMessage('abort');
  work.signal?.addEventListener('abort', abort, { once: true });
  if (work.signal?.aborted) abort();
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
    work.signal?.removeEventListener('abort', abort);
  }
}

/** The other side: does the work once, tells progress, ends the thread. */
export async function serveThread<J, P, R>(
  work: (job: J, hooks: { onProgress(progress: P): void; signal: AbortSignal }) => Promise<R>,
): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('This file is the entry of a worker thread.');
  const controller = new AbortController();
  port.on('message', () => controller.abort());
  const reply = (message: Reply<P, R>): void => port.postMessage(message);
  try {
    const hooks = { onProgress: (progress: P) => reply({ type: 'progress', progress }), signal: controller.signal };
    reply({ type: 'result', result: await work(workerData as J, hooks) });
  } catch (error) {
    if (!isWhippetError(error)) throw error;
    reply({ type: 'failed', error: error.toJSON() });
  } finally {
    // An open port would keep the thread alive.
    port.close();
  }
}
