/**
 * The q-quantile of sorted numbers, interpolated as numpy.percentile does by default (method 7 of Hyndman and Fan, 1996). NaN of none.
 */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const last = sorted.length - 1;
  if (last < 0) return Number.NaN;
  const at = Math.min(last, Math.max(0, q * last));
  const below = Math.floor(at);
  const [low, high] = [sorted[below]!, sorted[Math.min(last, below + 1)]!];
  return low === high ? low : low + (high - low) * (at - below);
}
