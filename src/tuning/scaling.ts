import type { NumericRange } from './range.ts';

export type Scale = 'linear' | 'logarithmic' | 'reverse-logarithmic';

/** From this ratio of maximum to minimum on, Auto takes the logarithmic scale: the range then spans orders of magnitude. */
const orderOfMagnitude = 10;

/** The scale of a range; Auto is logarithmic for positive ranges over at least an order of magnitude, linear for all others. */
export function scaleOf({ scaling, minimum, maximum }: NumericRange): Scale {
  if (scaling === 'Logarithmic') return 'logarithmic';
  if (scaling === 'ReverseLogarithmic') return 'reverse-logarithmic';
  if (scaling === 'Linear') return 'linear';
  return minimum > 0 && maximum / minimum >= orderOfMagnitude ? 'logarithmic' : 'linear';
}

/** A value of the range to [0, 1], along its scale. A range of one value is at 0. */
export function toUnit(value: number, range: NumericRange): number {
  const { low, high } = ends(range);
  return low === high ? 0 : (along(value, scaleOf(range)) - low) / (high - low);
}

/** [0, 1] to a value of the range; an integer's share of [0, 1] is that of the numbers that round to it. */
export function fromUnit(unit: number, range: NumericRange): number {
  // Logarithms and their inverses miss the ends by a rounding error.
  if (unit <= 0) return range.minimum;
  if (unit >= 1) return range.maximum;
  const { low, high } = ends(range);
  const value = back(low + unit * (high - low), scaleOf(range));
  const wanted = range.kind === 'integer' ? Math.round(value) : value;
  return Math.min(range.maximum, Math.max(range.minimum, wanted));
}

/** Integers get half a step beyond each end, so that the ends are drawn as often as the others; a logarithm needs them above 0. */
function ends(range: NumericRange): { low: number; high: number } {
  const scale = scaleOf(range);
  const margin = range.kind === 'integer' && range.minimum < range.maximum ? 0.5 : 0;
  return { low: along(range.minimum - margin, scale), high: along(range.maximum + margin, scale) };
}

function along(value: number, scale: Scale): number {
  if (scale === 'logarithmic') return Math.log(value);
  return scale === 'reverse-logarithmic' ? -Math.log1p(-value) : value;
}

function back(position: number, scale: Scale): number {
  if (scale === 'logarithmic') return Math.exp(position);
  return scale === 'reverse-logarithmic' ? -Math.expm1(-position) : position;
}
