import { positionOf } from './space.ts';
import type { SearchTask } from './task.ts';
import { isFailed, isFinished, type Trial } from './trial.ts';

/** What trials taught, as a model wants it: the smaller, the better, of mean 0 and deviation 1. */
export interface Observation {
  readonly position: readonly number[];
  readonly y: number;
}

/**
 * Finished and failed trials, the best first. A failure counts as the worst value seen: the search keeps away from there, yet no
 * further than from a bad trial.
 */
export function observationsOf({ ranges, objective }: SearchTask, history: readonly Trial[]): Observation[] {
  const sign = objective === 'minimize' ? 1 : -1;
  const values = tamed(history.filter(isFinished).map(({ value }) => sign * value));
  const worst = Math.max(...values);
  const finished = history.filter(isFinished).map((trial, i) => ({ trial: trial as Trial, value: values[i] ?? worst }));
  const failed = history.filter(isFailed).map((trial) => ({ trial, value: worst }));
  const all = [...finished, ...failed].sort((a, b) => a.value - b.value);
  const { mean, deviation } = momentsOf(all.map(({ value }) => value));
  return all.map(({ trial, value }) => ({ position: positionOf(trial.point, ranges), y: (value - mean) / deviation }));
}

/**
 * Values far on the bad side are brought to a fence, three interquartile ranges above the upper quartile: a loss of 10⁶ would make all
 * good ones look alike.
 */
function tamed(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const quartile = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const upper = quartile(0.75);
  const fence = upper + 3 * (upper - quartile(0.25));
  return values.map((value) => (fence > upper ? Math.min(value, fence) : value));
}

function momentsOf(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  // Where all values are equal nothing is known of how they differ.
  return { mean, deviation: variance > 0 ? Math.sqrt(variance) : 1 };
}

/**
 * At most `count` of observations that are sorted: the best half of them all, and evenly many of the rest, so that the model is exact
 * where it matters and knows the whole space. Bounds what a suggestion costs.
 */
export function representatives(sorted: readonly Observation[], count: number): readonly Observation[] {
  if (sorted.length <= count) return sorted;
  const best = Math.ceil(count / 2);
  const stride = (sorted.length - best) / (count - best);
  return [
    ...sorted.slice(0, best),
    ...Array.from({ length: count - best }, (_, i) => sorted[best + Math.floor((i + 0.5) * stride)]!),
  ];
}
