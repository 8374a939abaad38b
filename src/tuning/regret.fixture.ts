import { bestOf, createSearch, type Strategy, type Trial } from './index.ts';
import type { TestProblem } from './problems.fixture.ts';

export interface RegretOptions {
  readonly strategy: Strategy;
  readonly seed: number;
  readonly trials: number;
  /** Trials that run at a time; they end in the order in which they started. */
  readonly parallel: number;
}

/** How far the best of a search's trials is from the optimum. */
export function regretOf(
  { ranges, objective, optimum, value }: TestProblem,
  { strategy, seed, trials, parallel }: RegretOptions,
): number {
  const search = createSearch({ strategy, ranges, objective, seed });
  const all: Trial[] = [];
  const asOf = (done: number): Trial[] =>
    all.map((trial, i) => (i < done ? trial : { point: trial.point, state: 'running' }));
  while (all.length < trials) {
    const suggestion = search.suggest(asOf(all.length - parallel + 1));
    if (!suggestion) break;
    const { point } = suggestion;
    all.push({ point, state: 'finished', value: value(point) });
  }
  const best = bestOf(all, objective);
  return best ? Math.abs(best.value - optimum) : Number.POSITIVE_INFINITY;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
