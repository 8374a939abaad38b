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
    const temperature = temperatureOf(problem, rows);
    let loss = 0;
    for (const part of parts) {
      const left = new Set(part);
      const others = rows.filter((row) => !left.has(row));
      loss += lossSum(problem, part, temperatureOf(problem, others, { near: temperature }));
    }
    const lossAfter = loss / rows.length;
    if (lossAfter < best.lossAfter) best = { temperature, priorStrength, lossBefore, lossAfter };
  }
  return best;
}

/** What the head of `correctPrior` answers where the given one answers `logits`. */
export function correctLogits(
  logits: Float32Array,
  classWeights: readonly number[],
  priorStrength: number,
): Float32Array {
  const taken = classWeights.map((weight) => priorStrength * Math.log(weight));
  return logits.map((score, at) => score - taken[at % taken.length]!);
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
    const start = row * classes;
    loss += logSumExp(scores, { start, count: classes, temperature }) - scores[start + labels[row]!]! / temperature;
  }
  return loss;
}

/**
 * Mean loss of all rows at the temperature that suits them best: how good logits are whatever their confidence. Once per epoch, so it takes
 * two slopes fewer than the temperature of the artifact: near its minimum the loss is flat, and right to about 1e-12 all the same.
 */
export function lossAtBestTemperature(logits: Float32Array, labels: Int32Array, classes: number): number {
  const problem = { scores: Float64Array.from(logits), labels, classes };
  const rows = Array.from(labels.keys());
  return lossSum(problem, rows, temperatureOf(problem, rows, { tolerance: 1e-3 })) / rows.length;
}

const widest = Math.log(20);

/**
 * argmin over T of Σ loss + (ln T)² ÷ 2, within 1/20 and 20. The loss is convex in 1/T. The second term, a log-normal prior worth less
 * than one picture, keeps T finite where a few pictures are all correct. Newton's method from T = `near` on the slope along u = −ln T, inside a
 * bracket that each slope narrows. The last step is at most `tolerance` long, and its error about the square of that.
 */
function temperatureOf(problem: Problem, rows: readonly number[], { tolerance = 1e-7, near = 1 } = {}): number {
  let low = -widest;
  let high = widest;
  let u = -Math.log(near);
  for (let i = 0; i < 60 && high - low > 1e-9; i++) {
    const { slope, curvature } = slopeAt(problem, rows, u);
    if (slope < 0) low = u;
    else high = u;
    const newton = u - slope / curvature;
    const next = curvature > 0 && newton > low && newton < high ? newton : (low + high) / 2;
    const step = Math.abs(next - u);
    u = next;
    if (step < tolerance) break;
  }
  return Math.exp(-u);
}

/** First and second derivative along u of what `temperatureOf` minimises: with β = eᵘ, Σ β(E z − z_y) + u and Σ β(E z − z_y) + β² Var z + 1. */
function slopeAt({ scores, labels, classes }: Problem, rows: readonly number[], u: number) {
  const inverse = Math.exp(u);
  let slope = u;
  let curvature = 1;
  for (const row of rows) {
    const start = row * classes;
    let highest = Number.NEGATIVE_INFINITY;
    for (let at = start; at < start + classes; at++) if (scores[at]! > highest) highest = scores[at]!;
    let mass = 0;
    let first = 0;
    let second = 0;
    for (let at = start; at < start + classes; at++) {
      const below = scores[at]! - highest;
      const share = Math.exp(below * inverse);
      mass += share;
      first += share * below;
      second += share * below * below;
    }
    const mean = first / mass;
    const pull = inverse * (mean - (scores[start + labels[row]!]! - highest));
    slope += pull;
    curvature += pull + inverse * inverse * (second / mass - mean * mean);
  }
  return { slope, curvature };
}

/** Row indices dealt out class by class, so that every fold has its share of each. */
function stratifiedFolds(labels: Int32Array, folds: number): number[][] {
  const parts: number[][] = Array.from({ length: folds }, () => []);
  const rows = Array.from(labels.keys()).sort((a, b) => labels[a]! - labels[b]! || a - b);
  for (const [at, row] of rows.entries()) parts[at % folds]!.push(row);
  return parts;
}
