import type { Random } from '../random/index.ts';
import { quasiRandom } from './quasi-random.ts';
import type { ParameterRange, Point } from './range.ts';
import { pointAt, pointNumber, positionOf, sizeOf } from './space.ts';
import type { TriedPoints } from './tried.ts';

/** How promising a position is; the larger, the better. */
export type Acquisition = (position: readonly number[]) => number;

export interface AcquisitionTask {
  readonly ranges: readonly ParameterRange[];
  readonly tried: TriedPoints;
  /** Positions of the best trials so far, where better ones are likely. */
  readonly promising: readonly (readonly number[])[];
  readonly random: Random;
}

interface Candidate {
  readonly point: Point;
  readonly position: readonly number[];
  readonly value: number;
}

/** So few points are all looked at. */
const countable = 1000;
const scattered = 400;
const aroundEach = 20;
const refined = 5;
const steps = [0.1, 0.03, 0.01, 0.003];
const movesPerStep = 12;

/**
 * A point with none tried near it where the acquisition is about as large as it gets: the best of points all over the space and around
 * good trials, moved uphill by ever smaller random steps. Undefined where every point it came across has a tried one near it.
 */
export function mostPromising(acquisition: Acquisition, task: AcquisitionTask): Point | undefined {
  const { ranges, tried } = task;
  const candidate = (point: Point): Candidate | undefined => {
    const position = positionOf(point, ranges);
    if (tried.hasNear(position)) return undefined;
    return { point, position, value: acquisition(position) };
  };
  const size = sizeOf(ranges);
  const points =
    size <= countable ? Array.from({ length: size }, (_, index) => pointNumber(index, ranges)) : pointsToLookAt(task);
  const candidates = points
    .map(candidate)
    .filter((one) => one !== undefined)
    .sort((a, b) => b.value - a.value);
  if (size <= countable) return candidates[0]?.point;
  return candidates
    .slice(0, refined)
    .map((start) => uphill(start, candidate, task))
    .reduce<Candidate | undefined>((best, one) => (best && best.value >= one.value ? best : one), undefined)?.point;
}

function pointsToLookAt({ ranges, promising, random }: AcquisitionTask): Point[] {
  const at = quasiRandom(ranges.length, `candidates/${random.integer(2 ** 32)}`);
  const everywhere = Array.from({ length: scattered }, (_, index) => pointAt(at(index), ranges));
  const near = promising.flatMap((position) =>
    Array.from({ length: aroundEach }, (_, i) => {
      const step = steps[i % steps.length] ?? 0.01;
      return pointAt(moved(position, ranges, { step, random }), ranges);
    }),
  );
  return [...everywhere, ...near];
}

function uphill(
  start: Candidate,
  candidate: (point: Point) => Candidate | undefined,
  { ranges, random }: AcquisitionTask,
): Candidate {
  let best = start;
  for (const step of steps) {
    for (let move = 0; move < movesPerStep; move++) {
      const next = candidate(pointAt(moved(best.position, ranges, { step, random }), ranges));
      if (next && next.value > best.value) best = next;
    }
  }
  return best;
}

/** Some of the coordinates (at least one) shifted by about `step`, or another category in their place. */
function moved(
  position: readonly number[],
  ranges: readonly ParameterRange[],
  { step, random }: { readonly step: number; readonly random: Random },
): number[] {
  const always = random.integer(position.length);
  // About two at a time: in many dimensions a step in all of them at once rarely leads uphill.
  const share = Math.min(1, 2 / position.length);
  return position.map((coordinate, i) => {
    if (i !== always && random.next() >= share) return coordinate;
    if (ranges[i]?.kind === 'categorical') return random.next();
    const range = ranges[i];
    const oneWhole = range?.kind === 'integer' ? 1 / (range.maximum - range.minimum + 1) : 0;
    return Math.min(1, Math.max(0, coordinate + Math.max(step, oneWhole) * random.normal()));
  });
}
