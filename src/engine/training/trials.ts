import { resolve } from 'node:path';
import { checkTarget } from '../artifact/write.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { readDataset } from '../dataset/read.ts';
import { assertTrainable } from '../dataset/trainable.ts';
import { type ChanceTest, testAgainstChance } from '../evaluation/chance.ts';
import type { EpochRecord } from '../events.ts';
import { parseViews } from '../features/views.ts';
import type { Ending, TrainedHead } from '../head/head.ts';
import { parseHyperparameters } from '../head/hyperparameters.ts';
import { countLabels, type HeadData } from '../head/preparation.ts';
import { trainHeadInWorker } from '../head/train-in-worker.ts';
import { chooseBackbone } from './backbone-choice.ts';
import { checkGathered } from './check-gathered.ts';
import { gatherFeatures } from './gather.ts';
import type { TrainOptions } from './options.ts';
import { rowsOf } from './rows.ts';

/** A data set whose features are at hand: any number of heads can be trained on it, a thread each. */
export interface Trials {
  readonly dataset: Dataset;
  /**
   * Trains a head and says how it went; `test` stays unopened. Hyperparameters by founding name, as text; what is absent gets its default.
   * @throws WHIPPET_HEAD_*
   */
  run(hyperparameters: Readonly<Record<string, string>>, hooks?: TrialHooks): Promise<TrialRun>;
}

export interface TrialHooks {
  onEpoch?(record: EpochRecord): void;
  /** Aborted with the reason `tuning`, it ends the trial after the epoch at work. */
  readonly stop?: AbortSignal;
}

/** What a trial found out. */
export interface TrialRun {
  readonly epochs: readonly EpochRecord[];
  /** The epoch whose head would be saved, from 1. */
  readonly bestEpoch: number;
  /** The record of that epoch. */
  readonly best: EpochRecord;
  readonly stopped: Ending;
  /** Pictures of `valid`. */
  readonly pictures: number;
  /** Of that epoch's head on `valid`, for this trial alone. */
  readonly chance: ChanceTest;
}

/**
 * Reads a data set, gathers its features and checks it, as `train` does with the same options: what follows takes heads' time only.
 * @throws what `train` throws before it trains
 */
export async function openTrials(photos: string, options: Omit<TrainOptions, 'hyperparameters'>): Promise<Trials> {
  const { seed, onEvent, signal } = options;
  await checkTarget(resolve(options.out));
  const trainViews = parseViews(options.views ?? 'center', seed);
  const work = { ...options, hyperparameters: {} };
  const dataset = options.source ?? (await readDataset(photos, { ...options.dataset, onEvent, signal }));
  assertTrainable(dataset);
  const backbone = await chooseBackbone(dataset, work);
  const gathered = await gatherFeatures(dataset, { backbone, trainViews, work });
  await checkGathered(dataset, gathered, work);
  const train = rowsOf(gathered.train, 'train');
  const valid = rowsOf(gathered.held, 'valid', true);
  const data: HeadData = {
    ...{ train: train.features, trainLabels: train.labels },
    ...{ valid: valid.features, validLabels: valid.labels, classes: dataset.classes.length },
  };
  return {
    dataset,
    async run(hyperparameters, { onEpoch, stop } = {}) {
      const trained = await trainHeadInWorker(data, {
        ...parseHyperparameters(hyperparameters),
        // As `train` does, so that the winner trained again is the same model.
        ...{ seed, threads: 1, onEpoch },
        ...(signal && { signal }),
        ...(stop && { stop }),
      });
      return describeTrial(trained, data);
    },
  };
}

function describeTrial({ epochs, bestEpoch, stopped }: TrainedHead, { validLabels, classes }: HeadData): TrialRun {
  const best = epochs.find(({ epoch }) => epoch === bestEpoch);
  if (!best) throw new RangeError(`there is no record of epoch ${bestEpoch}`);
  const pictures = validLabels.length;
  const largest = Math.max(...countLabels(validLabels, classes));
  const correct = Math.round(best.validAccuracy * pictures);
  const chance = testAgainstChance(correct, pictures, largest / pictures, classes);
  return { epochs, bestEpoch, best, stopped, pictures, chance };
}
