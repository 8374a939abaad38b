/**
 * How long data is kept at which resolution. "Data points with a period of less than 60 seconds are available for 3 hours, … of 60
 * seconds for 15 days, … 300 seconds for 63 days, … 3600 seconds for 455 days" (GetMetricData). Seconds, as all times in this folder.
 */
const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Data of single seconds, which is only ever in `metric_recent`. */
export const secondsKept = 3 * hour;

/** Data is packed into minutes, and moved to the next tier when it is as old as `kept`. */
export const tiers = [
  { period: minute, kept: 15 * day },
  { period: 5 * minute, kept: 63 * day },
  { period: hour, kept: 455 * day },
] as const;

/** Buckets of a block. A block of one tier lies within one block of the next. */
export const blockBuckets = 1440;

/** How far back data can be asked for with this period. */
export function reachOf(period: number): number {
  if (period < minute) return secondsKept;
  return tiers.filter((tier) => period % tier.period === 0).at(-1)?.kept ?? 0;
}

export function floorTo(seconds: number, step: number): number {
  return Math.floor(seconds / step) * step;
}
