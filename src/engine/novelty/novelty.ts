import { userError } from '../../errors/index.ts';
import type { NoveltyScale } from '../artifact/manifest.ts';
import { quantile } from '../evaluation/statistics.ts';
import type { FeatureMatrix } from '../features/features.ts';
import { decodeDirections, encodeDirections, quantisedDirections } from './directions.ts';

/**
 * How unlike the training pictures a picture is. Two signals, each in deviations from its mean over the valid split, are added:
 * the cosine distance of the raw features to the nearest class mean, and the highest logit, negated (Vaze et al. 2022,
 * arXiv 2110.06207: known classes answer more strongly than unknown ones). Distance alone tells foreign pictures (a dog to a model of
 * flowers), the logit helps with near ones (a flower of an unknown species). docs/evaluation.md has the comparison with neighbours,
 * Mahalanobis distances and energy.
 */
const method = 'class-mean-cosine+max-logit';
const source = 'novelty.bin';
const unitBytes = 32;

export interface NoveltyInput {
  readonly train: FeatureMatrix;
  /** One label per row of `train`. */
  readonly labels: Int32Array;
  readonly classCount: number;
  /** Pictures that are not among the training pictures; one row each. */
  readonly valid: FeatureMatrix;
}

/** The half of novelty that needs no head. */
export interface NoveltyDistances {
  /** Of the class means, as they are kept. */
  readonly directions: Uint8Array;
  readonly classCount: number;
  /** Of each valid picture to the nearest class mean. */
  readonly distances: Float64Array;
}

export interface FittedNovelty {
  /** `novelty.bin`: the units of the two signals (mean and deviation, float64 little-endian), then the directions. */
  readonly state: Uint8Array;
  /** For the manifest. */
  readonly scale: NoveltyScale;
}

/** The share (0–100) of valid pictures that were more like the training pictures. About 0.3 ms for 133 classes × 2048 features. */
export type NoveltyMeasure = (features: Float32Array, logits: Float32Array) => number;

/** @throws RangeError without training or valid pictures: defects of the caller. */
export function measureDistances({ train, labels, classCount, valid }: NoveltyInput): NoveltyDistances {
  if (train.rows === 0 || valid.rows === 0) throw new RangeError('Novelty needs training and valid pictures');
  const encoded = encodeDirections(quantisedDirections(classMeans(train, labels, classCount), train.dimension));
  const directions = decodeDirections(encoded, source);
  const distances = new Float64Array(valid.rows);
  for (let i = 0; i < valid.rows; i++) {
    distances[i] = directions.distance(valid.data.subarray(i * valid.dimension, (i + 1) * valid.dimension));
  }
  return { directions: encoded, classCount, distances };
}

/**
 * @param input `validLogits`: [valid.rows × classCount], before temperature.
 * @throws RangeError without training or valid pictures: defects of the caller.
 */
export function fitNovelty(input: NoveltyInput & { readonly validLogits: Float32Array }): FittedNovelty {
  return completeNovelty(measureDistances(input), input.validLogits);
}

/** The other half, with the logits of a head. */
export function completeNovelty(
  { directions, classCount, distances }: NoveltyDistances,
  validLogits: Float32Array,
): FittedNovelty {
  const responses = Float64Array.from(
    distances,
    (_, i) => -highest(validLogits.subarray(i * classCount, (i + 1) * classCount)),
  );
  const distance = spreadOf(distances);
  const response = spreadOf(responses);
  const combined = distances.map((value, i) => standard(value, distance) + standard(responses[i]!, response)).sort();
  const quantiles = Array.from({ length: 101 }, (_, percent) => quantile(combined, percent / 100));
  return { state: encodeState({ distance, response }, directions), scale: { method, quantiles } };
}

/**
 * Opens what `fitNovelty` has fitted.
 * @throws WHIPPET_ARTIFACT_MALFORMED when state or scale are not such.
 */
export function openNovelty(state: Uint8Array, scale: NoveltyScale): NoveltyMeasure {
  checkScale(scale);
  const { distance, response } = decodeUnits(state);
  const directions = decodeDirections(state.subarray(unitBytes), source);
  const { quantiles } = scale;
  return (features, logits) => {
    const value = standard(directions.distance(features), distance) + standard(-highest(logits), response);
    return percentileOf(value, quantiles);
  };
}

/** Inverse of the quantile function, linear between percentiles; the middle of a run of equal ones. */
export function percentileOf(value: number, quantiles: readonly number[]): number {
  const last = quantiles.length - 1;
  const below = quantiles.filter((q) => q < value).length;
  const notAbove = quantiles.filter((q) => q <= value).length;
  if (notAbove > below) return (100 * (below + notAbove - 1)) / (2 * last);
  if (below === 0) return 0;
  if (below > last) return 100;
  const from = quantiles[below - 1]!;
  return (100 * (below - 1 + (value - from) / (quantiles[below]! - from))) / last;
}

function checkScale({ method: used, quantiles }: NoveltyScale): void {
  const rising = quantiles.every((q, i) => Number.isFinite(q) && (i === 0 || q >= quantiles[i - 1]!));
  if (used === method && quantiles.length >= 2 && rising) return;
  const reason = `its novelty scale (${used}) is not one this version can use`;
  throw userError('WHIPPET_ARTIFACT_MALFORMED', { path: 'whippet.json', reason });
}

function encodeState({ distance, response }: Units, directions: Uint8Array): Uint8Array {
  const state = new Uint8Array(unitBytes + directions.length);
  const view = new DataView(state.buffer);
  const numbers = [distance.mean, distance.deviation, response.mean, response.deviation];
  for (const [i, number] of numbers.entries()) view.setFloat64(i * 8, number, true);
  state.set(directions, unitBytes);
  return state;
}

function decodeUnits(state: Uint8Array): Units {
  const view = new DataView(state.buffer, state.byteOffset, state.byteLength);
  const numbers = Array.from({ length: state.length < unitBytes ? 0 : 4 }, (_, i) => view.getFloat64(i * 8, true));
  const [distanceMean, distanceDeviation, responseMean, responseDeviation] = numbers;
  if (numbers.length < 4 || !numbers.every(Number.isFinite) || !(distanceDeviation! > 0 && responseDeviation! > 0)) {
    throw userError('WHIPPET_ARTIFACT_MALFORMED', { path: source, reason: 'it does not hold the units it should' });
  }
  return {
    distance: { mean: distanceMean!, deviation: distanceDeviation! },
    response: { mean: responseMean!, deviation: responseDeviation! },
  };
}

function classMeans(train: FeatureMatrix, labels: Int32Array, classCount: number): Float64Array[] {
  const { dimension, data } = train;
  const sums = Array.from({ length: classCount }, () => new Float64Array(dimension));
  for (let row = 0; row < train.rows; row++) {
    const sum = sums[labels[row]!]!;
    const start = row * dimension;
    for (let d = 0; d < dimension; d++) sum[d]! += data[start + d]!;
  }
  return sums;
}

interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

interface Units {
  readonly distance: Spread;
  readonly response: Spread;
}

function spreadOf(values: Float64Array): Spread {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  // Where all valid pictures are equal there is no unit to measure in; any will do.
  return { mean, deviation: Math.sqrt(variance) || 1 };
}

function standard(value: number, { mean, deviation }: Spread): number {
  return (value - mean) / deviation;
}

function highest(values: Float32Array): number {
  let best = Number.NEGATIVE_INFINITY;
  for (const value of values) if (value > best) best = value;
  return best;
}
