import { setImmediate } from 'node:timers/promises';
import { userError } from '../../errors/index.ts';
import { seededRandom } from '../../random/index.ts';
import type { TrainingRecord } from '../../rules/records.ts';
import type { EpochRecord } from '../events.ts';
import { lossAtBestTemperature } from './calibration.ts';
import type { BestEpoch } from './checkpoint-file.ts';
import type { CheckpointOptions } from './checkpoint-options.ts';
import { type Checkpoints, openCheckpoints, trainingDigest } from './checkpoints.ts';
import type { Ending, Head, StopKind, TrainedHead } from './head.ts';
import type { HeadOptions } from './hyperparameters.ts';
import { countLabels, type HeadData, type PreparedTraining, prepareTraining } from './preparation.ts';
import type { HeadRecording } from './recording.ts';
import { scoreLogits } from './scores.ts';
import { foldStandardisation } from './standardisation.ts';
import { headOf, initialParameters, openTrainer, parametersIn, type Trainer } from './trainer.ts';
import { type TrainingListeners, type TrainingProgress, tellListeners } from './training-progress.ts';

export type TrainingOptions = HeadOptions &
  TrainingListeners & {
    readonly seed: number;
    /** More than 1 is faster only for wide heads, and then bits depend on it. */
    readonly threads: number;
    readonly signal?: AbortSignal;
    /** Ends training after the epoch at work; its reason is a `StopKind`. */
    readonly stop?: AbortSignal;
  };

/** The part of the options that can go to another thread. */
export type PlainTraining = HeadOptions & {
  readonly seed: number;
  readonly threads: number;
  readonly recording?: Omit<HeadRecording, 'onRecord'> | undefined;
  readonly checkpoint?: Pick<CheckpointOptions, 'directory' | 'everySeconds'> | undefined;
};

export interface TrainingHooks {
  onProgress(progress: TrainingProgress): void;
  readonly signal?: AbortSignal | undefined;
  readonly stop?: AbortSignal | undefined;
}

/**
 * Trains a head on the calling thread, which is blocked during each epoch: a HeadTrainer keeps it free.
 * After an abort the best epoch so far is returned (one epoch is always trained), and with `checkpoints` the state is kept, too.
 * Equal input and seed give equal bits on one thread, resumed or not.
 * @throws WHIPPET_HEAD_*
 */
export async function trainHead(data: HeadData, options: TrainingOptions): Promise<TrainedHead> {
  const { signal, stop } = options;
  return trainPrepared(prepareTraining(data, options), plainTraining(options), {
    ...{ signal, stop, onProgress: (progress) => tellListeners(progress, options) },
  });
}

export function plainTraining({ record, checkpoints, ...options }: TrainingOptions): PlainTraining {
  const { onEpoch: _told, onWarning: _warned, signal: _aborted, stop: _stopped, ...plain } = options;
  return {
    ...plain,
    ...(record && { recording: { stepsEvery: record.stepsEvery, tensorsAt: record.tensorsAt } }),
    ...(checkpoints && {
      checkpoint: { directory: checkpoints.directory, everySeconds: checkpoints.everySeconds },
    }),
  };
}

/** What is known after some epochs. */
interface Course {
  readonly epochs: EpochRecord[];
  best: BestEpoch | undefined;
}

/** The loop. */
export async function trainPrepared(
  prepared: PreparedTraining,
  options: PlainTraining,
  hooks: TrainingHooks,
): Promise<TrainedHead> {
  const { train, trainLabels: labels, shape, classWeights } = prepared;
  const random = seededRandom(`${options.seed}/head/order`);
  const order = Int32Array.from(labels.keys());
  const records = openRecords(options, hooks);
  const trainer = await openTrainer({
    ...{ shape, features: train, labels, classWeights, head: options, threads: options.threads },
    record: options.recording && { ...options.recording, onRecord: records.add },
  });
  try {
    const plan = { rows: train.rows, epochs: options.epochs };
    trainer.begin(initialParameters(shape, options.seed), plan);
    const checkpoints = checkpointsOf(prepared, options, hooks);
    const course = resumed(checkpoints, { trainer, plan, hooks }) ?? { epochs: [], best: undefined };
    for (const _epoch of course.epochs) random.shuffle(order);

    let ending = endingOf(course, options, hooks);
    while (!ending) {
      const [start, started] = [Date.now() / 1000, performance.now()];
      const record = await oneEpoch(trainer, random.shuffle(order), { prepared, options, records });
      course.epochs.push(record);
      const time = { start, seconds: (performance.now() - started) / 1000 };
      hooks.onProgress({ type: 'epoch', epoch: record, time });
      if (!course.best || record.calibratedLoss < course.best.loss) {
        course.best = { epoch: record.epoch, loss: record.calibratedLoss, parameters: trainer.parameters() };
      }
      // ONNX Runtime never yields to the event loop: let an abort and messages arrive.
      await setImmediate();
      ending = endingOf(course, options, hooks);
      if (checkpoints && (ending === 'interrupted' || (!ending && checkpoints.isDue()))) {
        const path = checkpoints.save({ ...course, best: course.best, snapshot: trainer.snapshot() });
        if (path) hooks.onProgress({ type: 'checkpoint', epoch: record.epoch, path });
      }
    }
    return await trainedHead(course, { ending, prepared, trainer });
  } finally {
    await trainer.release();
  }
}

/** Why no further epoch is trained; undefined where one is. */
function endingOf(
  { epochs, best }: Course,
  { epochs: most, patience }: HeadOptions,
  { signal, stop }: TrainingHooks,
): Ending | undefined {
  if (!best) return undefined;
  if (signal?.aborted) return 'interrupted';
  if (stop?.aborted) return stopKinds.find((kind) => kind === stop.reason) ?? 'interrupted';
  if (patience > 0 && epochs.length - best.epoch >= patience) return 'early-stopping';
  return epochs.length >= most ? 'completed' : undefined;
}

const stopKinds: readonly StopKind[] = ['rule', 'tuning'];

interface EpochContext {
  readonly prepared: PreparedTraining;
  readonly options: PlainTraining;
  readonly records: Records;
}

async function oneEpoch(
  trainer: Trainer,
  order: Int32Array,
  { prepared, options, records }: EpochContext,
): Promise<EpochRecord> {
  const { validLabels: labels, classes } = prepared;
  const { loss: trainLoss, norm: gradientNorm, learningRate } = await trainer.epoch(order);
  const { epoch, step } = trainer.snapshot();
  const logits = await trainer.logits(prepared.valid);
  const { loss: validLoss, accuracy: validAccuracy, mistakes } = scoreLogits(logits, labels, classes);
  if (!Number.isFinite(trainLoss) || !Number.isFinite(validLoss)) {
    records.flush();
    throw userError('WHIPPET_HEAD_DIVERGED', { epoch, learningRate: options.learning_rate });
  }
  records.add({
    ...{ kind: 'epoch', epoch, step: step - 1, trainLoss, validLoss, validAccuracy },
    ...{ validPictures: [...countLabels(labels, classes)], validMistakes: mistakes },
  });
  records.flush();
  // The temperature is fitted afterwards, so confidence is not what epochs are compared by: a head that decay or smoothing keeps
  // unsure of itself would look ever worse by the plain loss while it still improves.
  const calibratedLoss = lossAtBestTemperature(logits, labels, classes);
  return { epoch, learningRate, trainLoss, validLoss, calibratedLoss, validAccuracy, gradientNorm };
}

/** Records of an epoch, told together. */
interface Records {
  add(record: TrainingRecord): void;
  flush(): void;
}

function openRecords({ recording }: PlainTraining, { onProgress }: TrainingHooks): Records {
  let waiting: TrainingRecord[] = [];
  return {
    add: (record) => {
      if (recording) waiting.push(record);
    },
    flush: () => {
      if (waiting.length > 0) onProgress({ type: 'records', records: waiting });
      waiting = [];
    },
  };
}

function checkpointsOf(
  prepared: PreparedTraining,
  options: PlainTraining,
  { onProgress }: TrainingHooks,
): Checkpoints | undefined {
  return (
    options.checkpoint &&
    openCheckpoints(options.checkpoint, {
      belongsTo: trainingDigest(prepared, options),
      now: () => performance.now(),
      onWarning: (code, message) => onProgress({ type: 'warning', code, message }),
    })
  );
}

function resumed(
  checkpoints: Checkpoints | undefined,
  { trainer, plan, hooks }: { trainer: Trainer; plan: { rows: number; epochs: number }; hooks: TrainingHooks },
): Course | undefined {
  const found = checkpoints?.latest();
  if (!found || !trainer.resume(found.state.snapshot, plan)) return undefined;
  const { epochs, best, snapshot } = found.state;
  hooks.onProgress({ type: 'resumed', epoch: snapshot.epoch, path: found.path });
  return { epochs: [...epochs], best };
}

async function trainedHead(
  { epochs, best }: Course,
  {
    ending,
    prepared,
    trainer,
  }: { readonly ending: Ending; readonly prepared: PreparedTraining; readonly trainer: Trainer },
): Promise<TrainedHead> {
  if (!best) throw new RangeError('epochs must be at least 1');
  const { shape, classWeights, absentClasses, rawValid } = prepared;
  const head = onRawFeatures(headOf(shape, best.parameters), prepared);
  return {
    ...{ head, validLogits: await trainer.logits(rawValid, parametersIn(head)) },
    ...{ epochs, bestEpoch: best.epoch, stopped: ending, classWeights: [...classWeights], absentClasses },
  };
}

function onRawFeatures({ layers }: Head, { standardisation }: PreparedTraining): Head {
  return { layers: layers.map((layer, i) => (i === 0 ? foldStandardisation(layer, standardisation) : layer)) };
}
