import { resolve } from 'node:path';
import { checkTarget, type WrittenArtifact } from '../artifact/write.ts';
import type { Suspicion } from '../audit/confident-learning.ts';
import { suspectLabels } from '../audit/suspect-labels.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { type Evaluation, evaluate } from '../evaluation/evaluate.ts';
import { type Calibration, correctLogits, correctPrior, fitTemperature } from '../head/calibration.ts';
import type { Head, TrainedHead } from '../head/head.ts';
import { type HeadOptions, parseHyperparameters } from '../head/hyperparameters.ts';
import { type Groundwork, layGroundwork } from './groundwork.ts';
import { inputRecord } from './input-record.ts';
import type { TrainOptions } from './options.ts';
import type { SplitRows } from './rows.ts';
import { saveTraining } from './save.ts';
import { stopwatch } from './stopwatch.ts';

/** Everything that a training run found out, before it is written down. */
export interface TrainingRun extends Omit<Groundwork, 'heads'> {
  readonly hyperparameters: HeadOptions;
  readonly trained: TrainedHead;
  readonly calibration: Calibration;
  /** The trained head with class weights taken back as far as calibration says. */
  readonly head: Head;
  readonly validLogits: Float32Array;
  readonly evaluation: Evaluation;
  /** Training pictures by how little their labels are believed; empty where no audit was made. */
  readonly suspicions: readonly Suspicion[];
}

export interface TrainResult {
  readonly artifact: WrittenArtifact;
  readonly run: TrainingRun;
  /** Absolute path of the report, which is there unless `report` is `none`. */
  readonly report: string;
}

/**
 * From a folder of labelled pictures to a model folder: read, pass each picture once through the backbone, check for leakage, train the
 * head, calibrate, evaluate on `valid`, write. `test` stays unopened. An abort before the head trains rejects with the signal's
 * reason; later, the best model so far is written.
 * @throws WHIPPET_DATASET_*, WHIPPET_BACKBONE_*, WHIPPET_HEAD_*, WHIPPET_FEATURES_*, WHIPPET_IMAGE_* (strict), WHIPPET_ARTIFACT_EXISTS
 */
export async function train(photos: string, options: TrainOptions): Promise<TrainResult> {
  await checkTarget(resolve(options.out));
  // Said before any work is done.
  parseHyperparameters(options.hyperparameters);
  const groundwork = await layGroundwork(photos, options);
  try {
    return await trainOn(groundwork, options);
  } finally {
    groundwork.heads.close();
  }
}

/**
 * `train` from the head on, with the options that the groundwork was laid with.
 * @throws WHIPPET_HEAD_*, WHIPPET_ARTIFACT_EXISTS
 */
export async function trainOn(groundwork: Groundwork, options: TrainOptions): Promise<TrainResult> {
  const { dataset, train, valid } = groundwork;
  const watch = stopwatch(() => performance.now());
  await checkTarget(resolve(options.out));
  const hyperparameters = parseHyperparameters(options.hyperparameters);
  const { record } = options;
  if (record) {
    const { class_weights: classWeights } = hyperparameters;
    const inputs = () => inputRecord(dataset, train.samples, { backbone: groundwork.backbone, classWeights, options });
    record.onRecord(await watch.time('inputs', inputs));
  }
  // Neither needs the other, and each has a thread of its own.
  const [trained, suspicions] = await Promise.all([
    watch.time('head', () => trainHeadOn(groundwork, hyperparameters, options)),
    watch.time('audit', () => audit(train, dataset, options)),
  ]);
  const { classWeights } = trained;
  const calibration = fitTemperature(trained.validLogits, valid.labels, dataset.classes.length, { classWeights });
  const head = correctPrior(trained.head, classWeights, calibration.priorStrength);
  const validLogits = correctLogits(trained.validLogits, classWeights, calibration.priorStrength);
  const evaluation = await watch.time('evaluate', () =>
    evaluate({
      logits: validLogits,
      labels: valid.labels,
      classes: dataset.classes,
      temperature: calibration.temperature,
    }),
  );
  const { heads: _, ...known } = groundwork;
  const run: TrainingRun = {
    ...known,
    ...{ hyperparameters, trained, calibration, head, validLogits, evaluation, suspicions },
    seconds: { ...groundwork.seconds, ...watch.seconds },
  };
  return saveTraining(run, options);
}

function trainHeadOn({ heads }: Groundwork, hyperparameters: HeadOptions, options: TrainOptions): Promise<TrainedHead> {
  return heads.train({
    ...hyperparameters,
    seed: options.seed,
    // The head's bits depend on the number of threads, and one is fastest up to some thousand features.
    threads: 1,
    onEpoch: (epoch, time) => {
      options.onEvent?.({ type: 'epoch', epoch, ...time });
      options.onEvent?.({
        ...{ type: 'progress', stage: 'head', unit: 'epochs' },
        ...{ done: epoch.epoch, total: hyperparameters.epochs },
      });
    },
    onWarning: (warning) => options.onEvent?.({ type: 'warning', ...warning }),
    ...{ record: options.record, checkpoints: options.checkpoints },
    ...(options.signal && { signal: options.signal }),
    ...(options.stop && { stop: options.stop }),
  });
}

/** Without progress of its own, as the head's is shown meanwhile. An interrupted audit has found nothing. */
async function audit(
  centre: SplitRows,
  dataset: Dataset,
  { audit: wanted, seed, signal: aborted, stop }: TrainOptions,
): Promise<readonly Suspicion[]> {
  if (wanted === false) return [];
  const signal = AbortSignal.any([aborted, stop].filter((one) => one !== undefined));
  try {
    return await suspectLabels(centre.features, centre.labels, {
      classes: dataset.classes.length,
      ...{ seed, signal },
    });
  } catch (error) {
    if (signal.aborted) return [];
    throw error;
  }
}
