import { resolve } from 'node:path';
import { checkTarget, type WrittenArtifact } from '../artifact/write.ts';
import type { Suspicion } from '../audit/confident-learning.ts';
import { suspectLabels } from '../audit/suspect-labels.ts';
import type { Backbone } from '../backbone/backbone.ts';
import type { CheckReport } from '../dataset/check.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { readDataset } from '../dataset/read.ts';
import { assertTrainable } from '../dataset/trainable.ts';
import { type Evaluation, evaluate } from '../evaluation/evaluate.ts';
import { parseViews } from '../features/views.ts';
import { applyHead } from '../head/apply.ts';
import { type Calibration, correctPrior, fitTemperature } from '../head/calibration.ts';
import type { Head, TrainedHead } from '../head/head.ts';
import { type HeadOptions, parseHyperparameters } from '../head/hyperparameters.ts';
import { trainHeadInWorker } from '../head/train-in-worker.ts';
import { chooseBackbone } from './backbone-choice.ts';
import { checkGathered } from './check-gathered.ts';
import { gatherFeatures } from './gather.ts';
import { inputRecord } from './input-record.ts';
import type { TrainOptions } from './options.ts';
import { rowsOf, type SplitRows } from './rows.ts';
import { saveTraining } from './save.ts';
import { stopwatch } from './stopwatch.ts';

/** Everything that a training run found out, before it is written down. */
export interface TrainingRun {
  readonly dataset: Dataset;
  readonly check: CheckReport;
  readonly backbone: Backbone;
  readonly hyperparameters: HeadOptions;
  readonly trained: TrainedHead;
  readonly calibration: Calibration;
  /** The trained head with class weights taken back as far as calibration says. */
  readonly head: Head;
  /** One row per training picture. */
  readonly train: SplitRows;
  readonly valid: SplitRows;
  readonly validLogits: Float32Array;
  readonly evaluation: Evaluation;
  /** Training pictures by how little their labels are believed; empty where no audit was made. */
  readonly suspicions: readonly Suspicion[];
  readonly seconds: Readonly<Record<string, number>>;
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
  const { seed, onEvent, signal } = options;
  const watch = stopwatch(() => performance.now());
  await checkTarget(resolve(options.out));
  const hyperparameters = parseHyperparameters(options.hyperparameters);
  const trainViews = parseViews(options.views ?? 'center', seed);

  const dataset =
    options.source ?? (await watch.time('read', () => readDataset(photos, { ...options.dataset, onEvent, signal })));
  assertTrainable(dataset);
  const backbone = await watch.time('backbone', () => chooseBackbone(dataset, options));
  const gathered = await watch.time('features', () => gatherFeatures(dataset, { backbone, trainViews, work: options }));
  const check = await watch.time('check', () => checkGathered(dataset, gathered, options));

  const valid = rowsOf(gathered.held, 'valid', true);
  const centre = rowsOf(gathered.train, 'train', true);
  const train = gathered.train.viewsPerSample === 1 ? centre : rowsOf(gathered.train, 'train');
  const { record } = options;
  if (record) {
    const inputs = () => inputRecord(dataset, centre.samples, { backbone, options });
    record.onRecord(await watch.time('inputs', inputs));
  }
  // Neither needs the other, and each has a thread of its own.
  const [trained, suspicions] = await Promise.all([
    watch.time('head', () => trainOn({ train, valid }, { dataset, hyperparameters, options })),
    watch.time('audit', () => audit(centre, dataset, options)),
  ]);
  const rawLogits = applyHead(trained.head, valid.features);
  const { classWeights } = trained;
  const calibration = fitTemperature(rawLogits, valid.labels, dataset.classes.length, { classWeights });
  const head = correctPrior(trained.head, classWeights, calibration.priorStrength);
  const validLogits = calibration.priorStrength === 0 ? rawLogits : applyHead(head, valid.features);
  const evaluation = await watch.time('evaluate', () =>
    evaluate({
      logits: validLogits,
      labels: valid.labels,
      classes: dataset.classes,
      temperature: calibration.temperature,
    }),
  );
  const run: TrainingRun = {
    ...{ dataset, check, backbone, hyperparameters, trained, calibration, head, train: centre, valid, validLogits },
    ...{ evaluation, suspicions, seconds: watch.seconds },
  };
  return saveTraining(run, options);
}

async function trainOn(
  { train, valid }: { readonly train: SplitRows; readonly valid: SplitRows },
  context: { dataset: Dataset; hyperparameters: HeadOptions; options: TrainOptions },
): Promise<TrainedHead> {
  const { dataset, hyperparameters, options } = context;
  return trainHeadInWorker(
    {
      train: train.features,
      trainLabels: train.labels,
      valid: valid.features,
      validLabels: valid.labels,
      classes: dataset.classes.length,
    },
    {
      ...hyperparameters,
      seed: options.seed,
      // The head's bits depend on the number of threads, and one is fastest up to some thousand features.
      threads: 1,
      onEpoch: (epoch, seconds) => {
        options.onEvent?.({ type: 'epoch', epoch, seconds });
        options.onEvent?.({
          ...{ type: 'progress', stage: 'head', unit: 'epochs' },
          ...{ done: epoch.epoch, total: hyperparameters.epochs },
        });
      },
      onWarning: (warning) => options.onEvent?.({ type: 'warning', ...warning }),
      ...{ record: options.record, checkpoints: options.checkpoints },
      ...(options.signal && { signal: options.signal }),
      ...(options.stop && { stop: options.stop }),
    },
  );
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
