import type { ParameterRange, Point } from './range.ts';
import { fromUnit, toUnit } from './scaling.ts';

/** The point at a position of the unit cube, one coordinate in [0, 1) per parameter. */
export function pointAt(position: readonly number[], ranges: readonly ParameterRange[]): Point {
  return Object.fromEntries(ranges.map((range, i) => [range.name, valueAt(position[i] ?? 0, range)]));
}

function valueAt(unit: number, range: ParameterRange): number | string {
  if (range.kind !== 'categorical') return fromUnit(unit, range);
  const { values } = range;
  return values[Math.min(values.length - 1, Math.floor(unit * values.length))] ?? '';
}

/** The middle of the positions that give this point: equal for equal points, and what models measure distances between. */
export function positionOf(point: Point, ranges: readonly ParameterRange[]): number[] {
  return ranges.map((range) => {
    const value = point[range.name];
    if (range.kind !== 'categorical') return toUnit(Number(value), range);
    return (range.values.indexOf(String(value)) + 0.5) / range.values.length;
  });
}

/** How many points there are; Infinity with a continuous parameter. */
export function sizeOf(ranges: readonly ParameterRange[]): number {
  return ranges.reduce((product, range) => product * choicesOf(range), 1);
}

function choicesOf(range: ParameterRange): number {
  if (range.kind === 'categorical') return range.values.length;
  if (range.minimum === range.maximum) return 1;
  return range.kind === 'integer' ? range.maximum - range.minimum + 1 : Number.POSITIVE_INFINITY;
}

/** The `index`-th of a finite number of points; the last parameter changes fastest. */
export function pointNumber(index: number, ranges: readonly ParameterRange[]): Point {
  let rest = index;
  const entries = ranges.toReversed().map((range) => {
    const choices = choicesOf(range);
    const choice = rest % choices;
    rest = Math.floor(rest / choices);
    return [range.name, range.kind === 'categorical' ? (range.values[choice] ?? '') : range.minimum + choice] as const;
  });
  return Object.fromEntries(entries.reverse());
}

/** Equal for equal points and for no others. */
export function keyOf(point: Point, ranges: readonly ParameterRange[]): string {
  return JSON.stringify(ranges.map(({ name }) => point[name]));
}
