import { suggestAtRandom } from './random-search.ts';
import type { Point } from './range.ts';
import type { SearchState, SearchTask } from './task.ts';

export function suggestByModel(task: SearchTask, state: SearchState): Point {
  return suggestAtRandom(task, state);
}
