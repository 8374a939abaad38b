/** Scales and ticks of the charts. */

export type Scale = (value: number) => number;

/** Maps [low, high] to [from, to] linearly. */
export function linear(low: number, high: number, from: number, to: number): Scale {
  const width = high - low || 1;
  return (value) => from + ((value - low) / width) * (to - from);
}

/** Round numbers (1, 2, 2.5 or 5 × 10ⁿ apart) within [low, high], about `wanted` of them. */
export function ticks(low: number, high: number, wanted: number): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough * 0.999)!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Coordinates need no more than a tenth of a pixel. */
export function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}
