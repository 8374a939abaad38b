import type { Window } from './read.ts';
import { floorTo, tiers } from './tiers.ts';

const subMinute = [1, 5, 10, 20, 30];

/** "1, 5, 10, 20, 30, 60, or any multiple of 60." */
export function isPeriod(seconds: number): boolean {
  return subMinute.includes(seconds) || (seconds > 0 && seconds % 60 === 0);
}

/**
 * Buckets count from the start, which is rounded down: to a division of the minute for periods below one, else to what the data is
 * kept at by then: minutes for 15 days, five minutes for 63, then hours (GetMetricStatistics, StartTime).
 */
export function windowOf(
  { start, end, period }: { readonly start: Date; readonly end: Date; readonly period: number },
  now: Date,
): Window {
  const seconds = start.getTime() / 1000;
  const age = now.getTime() / 1000 - seconds;
  const step = period < 60 ? period : (tiers.find((tier) => age <= tier.kept) ?? tiers[2]).period;
  return { start: floorTo(seconds, step), end: end.getTime() / 1000, period };
}
