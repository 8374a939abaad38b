import { entryFile } from '../../entry/index.ts';
import type { EpochRecord } from '../events.ts';
import type { TrainedHead } from './head.ts';
import { type HeadData, type PreparedTraining, prepareTraining } from './preparation.ts';
import { runInThread } from './thread.ts';
import type { TrainingOptions } from './training.ts';

/** What the thread is given. */
export interface TrainingJob {
  readonly prepared: PreparedTraining;
  readonly options: TrainingOptions;
}

/**
 * `trainHead` in a worker thread: progress, signals and other work of this thread stay live. The features are copied once.
 * @throws WHIPPET_HEAD_*
 */
export async function trainHeadInWorker(data: HeadData, options: TrainingOptions): Promise<TrainedHead> {
  const { onEpoch, signal, ...plain } = options;
  const prepared = prepareTraining(data, options);
  return runInThread<TrainingJob, EpochRecord, TrainedHead>(entryFile(import.meta.url, 'training-worker'), {
    job: { prepared, options: plain },
    transfer: [prepared.train.data.buffer, prepared.valid.data.buffer],
    onProgress: (record) => onEpoch?.(record),
    signal,
  });
}
