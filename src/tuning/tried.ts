import type { Random } from '../random/index.ts';
import type { ParameterRange, Point } from './range.ts';
import { keyOf, pointNumber, positionOf, sizeOf } from './space.ts';
import type { Trial } from './trial.ts';

/** The points of a history, each once. */
export interface TriedPoints {
  has(point: Point): boolean;
  /** Whether a point at this position would be a tried one over again: equal in its categories, and nearly so in its numbers. */
  hasNear(position: readonly number[]): boolean;
  readonly count: number;
}

/**
 * Shares of their ranges by which the numbers of two points differ, summed. Objectives such as accuracies are flat at so small a
 * distance, and a model that believes in nothing better would stay. Categories, of which there are at most 30, are further apart.
 */
const near = 0.005;

export function triedPoints(history: readonly Trial[], ranges: readonly ParameterRange[]): TriedPoints {
  const keys = new Set(history.map(({ point }) => keyOf(point, ranges)));
  const positions = history.map(({ point }) => positionOf(point, ranges));
  return {
    has: (point) => keys.has(keyOf(point, ranges)),
    hasNear: (position) => positions.some((other) => distanceOf(position, other) < near),
    count: keys.size,
  };
}

function distanceOf(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, coordinate, i) => sum + Math.abs(coordinate - b[i]!), 0);
}

/** Above this many points a draw that is tried already is rare, and a list of all of them is long. */
const listable = 100_000;

/**
 * A point that `draw` gives and that nobody tried; after many vain draws one of those that are left, each as likely.
 * Where no list can be made, the last draw.
 */
export function untried(
  draw: () => Point,
  { tried, ranges, random }: { tried: TriedPoints; ranges: readonly ParameterRange[]; random: Random },
): Point {
  let point = draw();
  for (let attempt = 1; tried.has(point) && attempt < 100; attempt++) point = draw();
  const size = sizeOf(ranges);
  if (!tried.has(point) || size > listable) return point;
  const left = Array.from({ length: size }, (_, index) => pointNumber(index, ranges)).filter((one) => !tried.has(one));
  return left[random.integer(left.length)] ?? point;
}
