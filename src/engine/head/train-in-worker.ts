import { entryFile } from '../../entry/index.ts';
import type { FeatureMatrix } from '../features/features.ts';
import type { TrainedHead } from './head.ts';
import {
  type HeadData,
  type PreparedTraining,
  prepareTraining,
  type StandardisedRows,
  standardiseRows,
} from './preparation.ts';
import { openThreads } from './thread.ts';
import { type PlainTraining, plainTraining, type TrainingOptions } from './training.ts';
import { type TrainingProgress, tellListeners } from './training-progress.ts';

/** What the thread is given. */
export interface TrainingJob {
  readonly prepared: PreparedTraining;
  readonly options: PlainTraining;
}

/** Trains heads on the same rows, each in a worker thread: progress, signals and other work of the caller's thread stay live. */
export interface HeadTrainer {
  readonly data: HeadData;
  /**
   * As `trainHead`; several may be at work at a time. What all heads need is prepared once and kept.
   * @throws WHIPPET_HEAD_*
   */
  train(options: TrainingOptions): Promise<TrainedHead>;
  /** Ends the threads. */
  close(): void;
}

export function openHeadTrainer(data: HeadData): HeadTrainer {
  const threads = openThreads(entryFile(import.meta.url, 'training-worker'));
  const kept = new Map<boolean, StandardisedRows>();
  const rowsFor = ({ standardize }: TrainingOptions): StandardisedRows => {
    const rows = kept.get(standardize) ?? standardiseRows(data, standardize);
    kept.set(standardize, rows);
    return { ...rows, train: copyOf(rows.train), valid: copyOf(rows.valid) };
  };
  return {
    data,
    async train(options) {
      const prepared = prepareTraining(data, options, rowsFor(options));
      return threads.run<TrainingJob, TrainingProgress, TrainedHead>({
        job: { prepared, options: plainTraining(options) },
        transfer: [prepared.train, prepared.valid, prepared.rawValid].map(({ data: { buffer } }) => buffer),
        onProgress: (progress) => tellListeners(progress, options),
        ...{ signal: options.signal, stop: options.stop },
      });
    },
    close: threads.close,
  };
}

function copyOf(matrix: FeatureMatrix): FeatureMatrix {
  return { ...matrix, data: matrix.data.slice() };
}
