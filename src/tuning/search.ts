import { suggestByModel } from './bayesian.ts';
import { suggestOnGrid } from './grid.ts';
import { suggestAtRandom } from './random-search.ts';
import type { Point } from './range.ts';
import { sizeOf } from './space.ts';
import type { SearchTask, Strategy } from './task.ts';
import { toText } from './text.ts';
import type { Trial } from './trial.ts';
import { triedPoints } from './tried.ts';

export interface SearchOptions extends SearchTask {
  readonly strategy: Strategy;
}

export interface Suggestion {
  readonly point: Point;
  /** The point as a job's hyperparameters. */
  readonly text: Readonly<Record<string, string>>;
}

export interface Search {
  /**
   * The point to try next. Depends on the seed and the history alone, so a search goes on after a restart as if nothing had happened.
   * @param history All trials so far in the order they were started, the running ones included.
   * @returns undefined when the ranges hold finitely many points and all have been tried.
   */
  suggest(history: readonly Trial[]): Suggestion | undefined;
}

export function createSearch({ strategy, ...task }: SearchOptions): Search {
  const suggest = { bayesian: suggestByModel, random: suggestAtRandom, grid: suggestOnGrid }[strategy];
  const size = sizeOf(task.ranges);
  return {
    suggest(history) {
      const tried = triedPoints(history, task.ranges);
      if (tried.count >= size) return undefined;
      const point = suggest(task, { history, tried });
      return { point, text: toText(point) };
    },
  };
}
