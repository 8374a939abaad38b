import { setImmediate } from 'node:timers/promises';
import { userError } from '../../errors/index.ts';
import { seededRandom } from '../../random/index.ts';
import type { EpochRecord } from '../events.ts';
import { lossAtBestTemperature } from './calibration.ts';
import type { Head, TrainedHead } from './head.ts';
import type { HeadOptions } from './hyperparameters.ts';
import { type HeadData, type PreparedTraining, prepareTraining } from './preparation.ts';
import { scoreLogits } from './scores.ts';
import { foldStandardisation } from './standardisation.ts';
import { headOf, initialParameters, openTrainer, type State } from './trainer.ts';

export type TrainingOptions = HeadOptions & {
  readonly seed: number;
  /** More than 1 is faster only for wide heads, and then bits depend on it. */
  readonly threads: number;
  onEpoch?(record: EpochRecord): void;
  readonly signal?: AbortSignal;
};

/**
 * Trains a head on the calling thread, which is blocked during each epoch: `trainHeadInWorker` keeps it free.
 * After an abort the best epoch so far is returned (one epoch is always trained). Equal input and seed give equal bits on one thread.
 * @throws WHIPPET_HEAD_*
 */
export async function trainHead(data: HeadData, options: TrainingOptions): Promise<TrainedHead> {
  return trainPrepared(prepareTraining(data, options), options);
}

/** The loop. */
export async function trainPrepared(prepared: PreparedTraining, options: TrainingOptions): Promise<TrainedHead> {
  const { train, trainLabels: labels, shape, classWeights } = prepared;
  const random = seededRandom(`${options.seed}/head/order`);
  const order = Int32Array.from(labels.keys());
  const trainer = await openTrainer({
    shape,
    features: train,
    labels,
    classWeights,
    head: options,
    threads: options.threads,
  });
  try {
    trainer.begin(initialParameters(shape, options.seed), { rows: train.rows, epochs: options.epochs });
    const epochs: EpochRecord[] = [];
    let best: { epoch: number; loss: number; parameters: State } | undefined;
    let stopped: TrainedHead['stopped'] = 'completed';

    for (let epoch = 1; epoch <= options.epochs; epoch++) {
      const { loss, norm, learningRate } = await trainer.epoch(random.shuffle(order));
      const logits = await trainer.logits(prepared.valid);
      const valid = scoreLogits(logits, prepared.validLabels, shape.classes);
      if (!Number.isFinite(loss) || !Number.isFinite(valid.loss)) {
        throw userError('WHIPPET_HEAD_DIVERGED', { epoch, learningRate: options.learning_rate });
      }
      const record: EpochRecord = {
        epoch,
        learningRate,
        trainLoss: loss,
        validLoss: valid.loss,
        validAccuracy: valid.accuracy,
        gradientNorm: norm,
      };
      epochs.push(record);
      options.onEpoch?.(record);
      // The temperature is fitted afterwards, so confidence is not what epochs are compared by: a head that decay or smoothing keeps
      // unsure of itself would look ever worse by the plain loss while it still improves.
      const scaled = lossAtBestTemperature(logits, prepared.validLabels, shape.classes);
      if (!best || scaled < best.loss) best = { epoch, loss: scaled, parameters: trainer.parameters() };
      // ONNX Runtime never yields to the event loop: let an abort and messages arrive.
      await setImmediate();
      if (options.signal?.aborted) stopped = 'interrupted';
      else if (options.patience > 0 && epoch - best.epoch >= options.patience) stopped = 'early-stopping';
      if (stopped !== 'completed') break;
    }
    if (!best) throw new RangeError('epochs must be at least 1');
    return {
      head: onRawFeatures(headOf(shape, best.parameters), prepared),
      epochs,
      bestEpoch: best.epoch,
      stopped,
      classWeights: [...classWeights],
      absentClasses: prepared.absentClasses,
    };
  } finally {
    await trainer.release();
  }
}

function onRawFeatures({ layers }: Head, { standardisation }: PreparedTraining): Head {
  return { layers: layers.map((layer, i) => (i === 0 ? foldStandardisation(layer, standardisation) : layer)) };
}
