import type { Manifest } from '../artifact/manifest.ts';
import type { Backbone } from '../backbone/backbone.ts';
import type { CheckReport } from '../dataset/check.ts';
import { type Dataset, splits } from '../dataset/dataset.ts';
import { readDataset } from '../dataset/read.ts';
import { splitDigest } from '../dataset/split-digest.ts';
import { assertNoneRefused, assertTrainable } from '../dataset/trainable.ts';
import { buildTrainingIndex, encodeTrainingIndex } from '../explanation/training-index.ts';
import { parseViews } from '../features/views.ts';
import { type HeadTrainer, openHeadTrainer } from '../head/train-in-worker.ts';
import { measureDistances, type NoveltyDistances } from '../novelty/novelty.ts';
import { chooseBackbone } from './backbone-choice.ts';
import { checkGathered } from './check-gathered.ts';
import { gatherFeatures } from './gather.ts';
import type { TrainOptions } from './options.ts';
import { rowsOf, type SplitRows } from './rows.ts';
import { stopwatch } from './stopwatch.ts';

/** What is to be known before a head is trained: a data set whose pictures have gone through the backbone and were checked. Any number of heads can be trained on it. */
export interface Groundwork {
  readonly dataset: Dataset;
  readonly check: CheckReport;
  readonly backbone: Backbone;
  /** One row per training picture. */
  readonly train: SplitRows;
  /** A row per view of each training picture; `train` where there is one. */
  readonly trainViews: SplitRows;
  readonly valid: SplitRows;
  /** What every model of these pictures holds, made when it is first asked for. */
  readonly shared: SharedParts;
  /** Trains heads on `trainViews`. Closed when there is no further head to train. */
  readonly heads: HeadTrainer;
  /** Wall time of each stage. */
  readonly seconds: Readonly<Record<string, number>>;
}

export interface SharedParts {
  novelty(): NoveltyDistances;
  /** Bytes of `training-index.bin`. */
  trainingIndex(): Uint8Array;
  /** By which the manifest names the splits. */
  splitDigests(): Manifest['data']['digests'];
}

/** What decides a groundwork. */
export type GroundworkOptions = Omit<TrainOptions, 'hyperparameters' | 'out'>;

/**
 * Reads the folder, passes each picture once through the backbone and checks for leakage. `test` stays unopened.
 * @throws WHIPPET_DATASET_*, WHIPPET_BACKBONE_*, WHIPPET_FEATURES_*, WHIPPET_IMAGE_* (strict), WHIPPET_TRAINING_*; the signal's reason
 */
export async function layGroundwork(photos: string, options: GroundworkOptions): Promise<Groundwork> {
  const { seed, onEvent, signal } = options;
  const watch = stopwatch(() => performance.now());
  const views = parseViews(options.views ?? 'center', seed);
  const dataset =
    options.source ?? (await watch.time('read', () => readDataset(photos, { ...options.dataset, onEvent, signal })));
  assertTrainable(dataset);
  if (options.strict) assertNoneRefused(dataset);
  const backbone = await watch.time('backbone', () => chooseBackbone(dataset, options));
  const gathered = await watch.time('features', () =>
    gatherFeatures(dataset, { backbone, trainViews: views, work: options }),
  );
  const check = await watch.time('check', () => checkGathered(dataset, gathered, options));
  const valid = rowsOf(gathered.held, 'valid', true);
  const train = rowsOf(gathered.train, 'train', true);
  const trainViews = gathered.train.viewsPerSample === 1 ? train : rowsOf(gathered.train, 'train');
  return {
    ...{ dataset, check, backbone, train, trainViews, valid },
    shared: sharedParts({ dataset, train, valid }, options),
    heads: openHeadTrainer({
      ...{ train: trainViews.features, trainLabels: trainViews.labels },
      ...{ valid: valid.features, validLabels: valid.labels, classes: dataset.classes.length },
    }),
    seconds: watch.seconds,
  };
}

function sharedParts(
  { dataset, train, valid }: Pick<Groundwork, 'dataset' | 'train' | 'valid'>,
  { pictures }: Pick<TrainOptions, 'pictures'>,
): SharedParts {
  return {
    novelty: once(() =>
      measureDistances({
        train: train.features,
        labels: train.labels,
        classCount: dataset.classes.length,
        valid: valid.features,
      }),
    ),
    splitDigests: once(() =>
      Object.fromEntries(
        splits.flatMap((split) => {
          const digest = splitDigest(dataset, split);
          return digest === undefined ? [] : [[split, digest]];
        }),
      ),
    ),
    trainingIndex: once(() => {
      const indexed = train.samples.map(({ name, label, digest }) => ({
        ...{ label, digest },
        ...(pictures !== false && { name }),
      }));
      return encodeTrainingIndex(buildTrainingIndex(train.features, indexed));
    }),
  };
}

function once<Result>(work: () => Result): () => Result {
  let made: { readonly result: Result } | undefined;
  return () => {
    made ??= { result: work() };
    return made.result;
  };
}
