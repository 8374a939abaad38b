import { seededRandom } from '../random/index.ts';
import type { Point } from './range.ts';
import { pointAt } from './space.ts';
import type { SearchState, SearchTask } from './task.ts';
import { untried } from './tried.ts';

/**
 * Random search (Bergstra & Bengio 2012, https://jmlr.org/papers/v13/bergstra12a.html). The n-th point is the same whatever the trials
 * before it gave, and in whatever order they end.
 */
export function suggestAtRandom({ ranges, seed }: SearchTask, { history, tried }: SearchState): Point {
  const random = seededRandom(`${seed}/tuning/random/${history.length}`);
  return untried(() => pointAt(ranges.map(random.next), ranges), { tried, ranges, random });
}
