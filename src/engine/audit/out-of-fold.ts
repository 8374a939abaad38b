import { setImmediate } from 'node:timers/promises';
import { seededRandom } from '../../random/index.ts';
import type { FeatureMatrix } from '../features/features.ts';
import type { HeadOptions } from '../head/hyperparameters.ts';
import { logSumExp } from '../head/scores.ts';
import { initialParameters, openTrainer, type Trainer } from '../head/trainer.ts';

/** What the audit's thread is given. Features are standardised. */
export interface AuditJob {
  readonly features: FeatureMatrix;
  readonly labels: Int32Array;
  readonly classes: number;
  readonly folds: number;
  readonly seed: number;
  readonly threads: number;
  readonly head: HeadOptions;
}

export interface FoldProgress {
  readonly done: number;
  readonly total: number;
}

export interface FoldHooks {
  onProgress(progress: FoldProgress): void;
  readonly signal: AbortSignal;
}

/** Probabilities [rows × classes], each row by the head trained on the folds that it is not in. */
export async function outOfFoldProbabilities(job: AuditJob, hooks: FoldHooks): Promise<Float64Array> {
  const { features, labels, classes, folds, seed } = job;
  const shape = { inputs: features.dimension, hidden: job.head.hidden, classes };
  const classWeights = new Float64Array(classes).fill(1);
  const trainer = await openTrainer({ shape, features, labels, classWeights, head: job.head, threads: job.threads });
  try {
    const probabilities = new Float64Array(features.rows * classes);
    const foldOf = dealFolds(labels, { folds, seed });
    for (let fold = 0; fold < folds; fold++) {
      const rows = [...foldOf.keys()];
      const order = Int32Array.from(rows.filter((row) => foldOf[row] !== fold));
      const left = rows.filter((row) => foldOf[row] === fold);
      const random = seededRandom(`${seed}/audit/order/${fold}`);
      trainer.begin(initialParameters(shape, seed), { rows: order.length, epochs: job.head.epochs });
      for (let epoch = 1; epoch <= job.head.epochs; epoch++) {
        await trainer.epoch(random.shuffle(order));
        // ONNX Runtime never yields to the event loop: let an abort arrive.
        await setImmediate();
        hooks.signal.throwIfAborted();
      }
      await judge(trainer, { job, left, probabilities });
      hooks.onProgress({ done: fold + 1, total: folds });
    }
    return probabilities;
  } finally {
    await trainer.release();
  }
}

/** Writes the probabilities of the rows that were left out. */
async function judge(
  trainer: Trainer,
  { job, left, probabilities }: { job: AuditJob; left: readonly number[]; probabilities: Float64Array },
): Promise<void> {
  const { features, classes } = job;
  const { dimension } = features;
  const data = new Float32Array(left.length * dimension);
  for (const [at, row] of left.entries()) {
    data.set(features.data.subarray(row * dimension, (row + 1) * dimension), at * dimension);
  }
  const logits = await trainer.logits({ rows: left.length, dimension, data });
  for (const [at, row] of left.entries()) {
    const own = logits.subarray(at * classes, (at + 1) * classes);
    const normaliser = logSumExp(own, { start: 0, count: classes });
    for (let c = 0; c < classes; c++) probabilities[row * classes + c] = Math.exp(own[c]! - normaliser);
  }
}

/** A fold for each row, at random within each class, so that every fold has its share of each class. */
function dealFolds(labels: Int32Array, { folds, seed }: { folds: number; seed: number }): Int32Array {
  const rows = seededRandom(`${seed}/audit/folds`).shuffle(Array.from(labels.keys()));
  rows.sort((a, b) => labels[a]! - labels[b]!);
  const foldOf = new Int32Array(labels.length);
  for (const [at, row] of rows.entries()) foldOf[row] = at % folds;
  return foldOf;
}
