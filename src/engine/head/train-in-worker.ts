import { Worker } from 'node:worker_threads';
import { entryFile } from '../../entry/index.ts';
import { reviveError } from '../../errors/index.ts';
import type { EpochRecord } from '../events.ts';
import type { TrainedHead } from './head.ts';
import { type HeadData, prepareTraining } from './preparation.ts';
import type { TrainingOptions } from './training.ts';

export type TrainingReply =
  | { readonly type: 'epoch'; readonly record: EpochRecord }
  | { readonly type: 'trained'; readonly head: TrainedHead }
  | { readonly type: 'failed'; readonly error: { code: string; message: string; remedy: string } };

/**
 * `trainHead` in a worker thread: progress, signals and other work of this thread stay live. The features are copied once.
 * @throws WHIPPET_HEAD_*
 */
export async function trainHeadInWorker(data: HeadData, options: TrainingOptions): Promise<TrainedHead> {
  const { onEpoch, signal, ...plain } = options;
  const prepared = prepareTraining(data, options);
  const worker = new Worker(entryFile(import.meta.url, 'training-worker'), {
    workerData: { prepared, options: plain },
    transferList: [prepared.train.data.buffer, prepared.valid.data.buffer] as ArrayBuffer[],
  });
  const abort = (): void => worker.postMessage('abort');
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  try {
    return await new Promise((resolve, reject) => {
      worker.on('message', (reply: TrainingReply) => {
        if (reply.type === 'epoch') onEpoch?.(reply.record);
        else if (reply.type === 'trained') resolve(reply.head);
        else reject(reviveError(reply.error));
      });
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`The training thread ended with code ${code}.`)));
    });
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
