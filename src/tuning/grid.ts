import type { ParameterRange, Point } from './range.ts';
import { pointNumber } from './space.ts';
import type { SearchState } from './task.ts';

/** The first point of the grid that was not tried; the last parameter changes fastest. */
export function suggestOnGrid({ ranges }: { ranges: readonly ParameterRange[] }, { tried }: SearchState): Point {
  let index = 0;
  while (tried.has(pointNumber(index, ranges))) index += 1;
  return pointNumber(index, ranges);
}
