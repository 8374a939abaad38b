import { resolve } from 'node:path';
import { isWhippetError } from '../../errors/index.ts';
import { checkTarget } from '../artifact/write.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { type ChanceTest, testAgainstChance } from '../evaluation/chance.ts';
import type { EpochRecord } from '../events.ts';
import type { Ending, TrainedHead } from '../head/head.ts';
import { parseHyperparameters } from '../head/hyperparameters.ts';
import { countLabels, type HeadData } from '../head/preparation.ts';
import type { HeadTrainer } from '../head/train-in-worker.ts';
import { layGroundwork } from './groundwork.ts';
import type { TrainOptions } from './options.ts';

/** A data set whose features are at hand: any number of heads can be trained on it, a thread each. */
export interface Trials {
  readonly dataset: Dataset;
  /**
   * Trains a head and says how it went; `test` stays unopened. Hyperparameters by founding name, as text; what is absent gets its default.
   * @throws WHIPPET_HEAD_*
   */
  run(hyperparameters: Readonly<Record<string, string>>, hooks?: TrialHooks): Promise<TrialRun>;
  /** Ends the threads. */
  close(): void;
}

export interface TrialHooks {
  onEpoch?(record: EpochRecord): void;
  /** Asked after each epoch with all so far; true ends the trial there, as if no further epoch had been trained. */
  stopWhen?(epochs: readonly EpochRecord[]): boolean;
}

/** What a trial found out. */
export interface TrialRun {
  readonly epochs: readonly EpochRecord[];
  /** The epoch whose head would be saved, from 1; the last one where `stopWhen` ended it. */
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
  const { seed, signal } = options;
  await checkTarget(resolve(options.out));
  const { dataset, heads } = await layGroundwork(photos, options);
  return {
    dataset,
    run: (hyperparameters, hooks = {}) => runTrial(heads, hyperparameters, { seed, signal, hooks }),
    close: heads.close,
  };
}

/**
 * The thread is ahead of what it tells by an epoch or so, and no run is like another in that: what comes after the end that was asked
 * for is not looked at, so that a trial is the same every time.
 */
async function runTrial(
  heads: HeadTrainer,
  hyperparameters: Readonly<Record<string, string>>,
  { seed, signal, hooks }: { seed: number; signal: AbortSignal | undefined; hooks: TrialHooks },
): Promise<TrialRun> {
  const epochs: EpochRecord[] = [];
  const stop = new AbortController();
  const onEpoch = (record: EpochRecord): void => {
    if (stop.signal.aborted) return;
    epochs.push(record);
    hooks.onEpoch?.(record);
    if (hooks.stopWhen?.(epochs)) stop.abort('tuning');
  };
  const asked = (): Pick<TrainedHead, 'epochs' | 'bestEpoch' | 'stopped'> | undefined =>
    stop.signal.aborted ? { epochs, bestEpoch: epochs.length, stopped: 'tuning' } : undefined;
  try {
    const options = {
      ...parseHyperparameters(hyperparameters),
      // As `train` does, so that the winner trained again is the same model.
      ...{ seed, threads: 1, onEpoch, stop: stop.signal },
      ...(signal && { signal }),
    };
    const trained = await heads.train(options);
    return describeTrial(asked() ?? trained, heads.data);
  } catch (error) {
    const ended = isWhippetError(error) ? asked() : undefined;
    if (!ended) throw error;
    return describeTrial(ended, heads.data);
  }
}

function describeTrial(
  { epochs, bestEpoch, stopped }: Pick<TrainedHead, 'epochs' | 'bestEpoch' | 'stopped'>,
  { validLabels, classes }: HeadData,
): TrialRun {
  const best = epochs.find(({ epoch }) => epoch === bestEpoch);
  if (!best) throw new RangeError(`there is no record of epoch ${bestEpoch}`);
  const pictures = validLabels.length;
  const largest = Math.max(...countLabels(validLabels, classes));
  const correct = Math.round(best.validAccuracy * pictures);
  const chance = testAgainstChance(correct, pictures, largest / pictures, classes);
  return { epochs, bestEpoch, best, stopped, pictures, chance };
}
