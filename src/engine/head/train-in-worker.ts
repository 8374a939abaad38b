import { entryFile } from '../../entry/index.ts';
import type { TrainedHead } from './head.ts';
import { type HeadData, type PreparedTraining, prepareTraining } from './preparation.ts';
import { openThreads, type Threads } from './thread.ts';
import { type PlainTraining, plainTraining, type TrainingOptions } from './training.ts';
import { type TrainingProgress, tellListeners } from './training-progress.ts';

/** What the thread is given. */
export interface TrainingJob {
  readonly prepared: PreparedTraining;
  readonly options: PlainTraining;
}

/** Threads for any number of heads. */
export function openHeadThreads(): Threads {
  return openThreads(entryFile(import.meta.url, 'training-worker'));
}

/**
 * `trainHead` in a worker thread: progress, signals and other work of this thread stay live. The features are copied once.
 * @param threads Default: one of its own.
 * @throws WHIPPET_HEAD_*
 */
export async function trainHeadInWorker(
  data: HeadData,
  options: TrainingOptions,
  threads?: Threads,
): Promise<TrainedHead> {
  const prepared = prepareTraining(data, options);
  const used = threads ?? openHeadThreads();
  const training = used.run<TrainingJob, TrainingProgress, TrainedHead>({
    job: { prepared, options: plainTraining(options) },
    transfer: [prepared.train.data.buffer, prepared.valid.data.buffer],
    onProgress: (progress) => tellListeners(progress, options),
    ...{ signal: options.signal, stop: options.stop },
  });
  return threads ? training : training.finally(used.close);
}
