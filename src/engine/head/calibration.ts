import type { Head } from './head.ts';
import { logSumExp } from './scores.ts';

/** Probabilities are softmax((logits − priorStrength · ln classWeights) ÷ temperature); see `correctPrior` for the second part. */
export interface Calibration {
  /** 1 where scaling does not help. */
  readonly temperature: number;
  /** How much of the class weights is taken back, 0–1; 0 without class weights. */
  readonly priorStrength: number;
  /** Mean cross-entropy (nats) of the logits as they came. */
  readonly lossBefore: number;
  /** The same for pictures that the calibration has not seen (out of fold). Never above `lossBefore`. */
  readonly lossAfter: number;
}

export interface CalibrationOptions {
  /** Default 5: enough that four fifths of a small valid split decide each fold. */
  readonly folds?: number;
  /** `TrainedHead.classWeights`. */
  readonly classWeights?: readonly number[];
}

const strengths = [0, 0.25, 0.5, 0.75, 1];

/**
 * Temperature scaling (Guo et al. 2017, https://arxiv.org/abs/1706.04599) on the valid split, judged by cross-validation: each candidate
 * is fitted on k − 1 folds and scored on the one left out. Where no candidate beats the raw logits there, temperature 1 stays.
 * Every picture counts once: probabilities are those of the classes as frequent as in the data. A head that was trained with class
 * weights w answers for class frequencies multiplied by w instead, so ln w is taken back, to the degree that helps out of fold (all of it
 * in theory; less where the head fits its training pictures so well that their weights no longer matter, Byrd & Lipton 2019).
 */
export function fitTemperature(
  logits: Float32Array,
  labels: Int32Array,
  classes: number,
  { folds = 5, classWeights = [] }: CalibrationOptions = {},
): Calibration {
  const rows = Array.from(labels.keys());
  const raw = Float64Array.from(logits);
  const meanLoss = (scores: Float64Array, some: readonly number[], temperature: number): number =>
    lossSum({ scores, labels, classes }, some, temperature) / some.length;
  const lossBefore = rows.length === 0 ? 0 : meanLoss(raw, rows, 1);
  let best: Calibration = { temperature: 1, priorStrength: 0, lossBefore, lossAfter: lossBefore };
  if (rows.length < 2) return best;

  const parts = stratifiedFolds(labels, Math.min(folds, rows.length));
  const isWeighted = classWeights.some((weight) => weight !== 1);
  for (const priorStrength of isWeighted ? strengths : [0]) {
    const scores = raw.map((score, at) => score - priorStrength * Math.log(classWeights[at % classes] ?? 1));
    const problem = { scores, labels, classes };
    let loss = 0;
    for (const part of parts) {
      const left = new Set(part);
      const temperature = temperatureOf(
        problem,
        rows.filter((row) => !left.has(row)),
      );
      loss += lossSum(problem, part, temperature);
    }
    const lossAfter = loss / rows.length;
    if (lossAfter < best.lossAfter) {
      best = { temperature: temperatureOf(problem, rows), priorStrength, lossBefore, lossAfter };
    }
  }
  return best;
}

/** The head with ln `classWeights`, times the calibration's `priorStrength`, taken off its output biases. */
export function correctPrior(head: Head, classWeights: readonly number[], priorStrength: number): Head {
  const last = head.layers.at(-1)!;
  const bias = last.bias.map((value, c) => value - priorStrength * Math.log(classWeights[c] ?? 1));
  return { layers: [...head.layers.slice(0, -1), { ...last, bias }] };
}

interface Problem {
  readonly scores: Float64Array;
  readonly labels: Int32Array;
  readonly classes: number;
}

function lossSum({ scores, labels, classes }: Problem, rows: readonly number[], temperature: number): number {
  let loss = 0;
  for (const row of rows) {
    const scaled = scores.subarray(row * classes, (row + 1) * classes).map((score) => score / temperature);
    loss += logSumExp(scaled) - scaled[labels[row]!]!;
  }
  return loss;
}

/**
 * argmin over T of Σ loss + (ln T)² ÷ 2 by bisection of the derivative along u = −ln T. The loss is convex in 1/T. The second term, a
 * log-normal prior worth less than one picture, keeps T finite where a few pictures are all correct.
 */
function temperatureOf({ scores, labels, classes }: Problem, rows: readonly number[]): number {
  const slope = (u: number): number => {
    const inverse = Math.exp(u);
    let total = u;
    for (const row of rows) {
      const own = scores.subarray(row * classes, (row + 1) * classes);
      const highest = own.reduce((a, b) => Math.max(a, b));
      let mass = 0;
      let expected = 0;
      for (const score of own) {
        const share = Math.exp((score - highest) * inverse);
        mass += share;
        expected += share * score;
      }
      total += inverse * (expected / mass - own[labels[row]!]!);
    }
    return total;
  };
  let low = -Math.log(20);
  let high = Math.log(20);
  // 2·ln 20 ÷ 2²⁶ is below any digit that is shown.
  for (let i = 0; i < 26; i++) {
    const middle = (low + high) / 2;
    if (slope(middle) < 0) low = middle;
    else high = middle;
  }
  return Math.exp(-(low + high) / 2);
}

/** Row indices dealt out class by class, so that every fold has its share of each. */
function stratifiedFolds(labels: Int32Array, folds: number): number[][] {
  const parts: number[][] = Array.from({ length: folds }, () => []);
  const rows = Array.from(labels.keys()).sort((a, b) => labels[a]! - labels[b]! || a - b);
  for (const [at, row] of rows.entries()) parts[at % folds]!.push(row);
  return parts;
}
