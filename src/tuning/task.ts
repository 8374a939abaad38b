import type { ParameterRange } from './range.ts';
import type { Objective, Trial } from './trial.ts';
import type { TriedPoints } from './tried.ts';

export type Strategy = 'bayesian' | 'random' | 'grid';

/** What a strategy searches. */
export interface SearchTask {
  /** Free of problems (`problemsOf`). */
  readonly ranges: readonly ParameterRange[];
  readonly objective: Objective;
  readonly seed: number | string;
}

/** What it knows; at least one point is untried. */
export interface SearchState {
  readonly history: readonly Trial[];
  readonly tried: TriedPoints;
}
