import { type Distribution, distributionOf, mergeDistributions, percentile } from './distribution.ts';

/** What is known of the values of a stretch of time. */
export interface Summary {
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
  /** Unknown where values came as a statistic set only, or are too many with negative ones among them. */
  readonly distribution: Distribution | undefined;
}

/** CloudWatch's StatisticValues. */
export interface StatisticSet {
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** @param counts How often each value occurred: 1 where it is missing. */
export function summaryOfValues(values: readonly number[], counts: readonly number[] = []): Summary {
  const distinct = new Map<number, number>();
  let [count, sum] = [0, 0];
  values.forEach((value, index) => {
    const times = counts[index] ?? 1;
    // 0 and -0 are one value.
    distinct.set(value + 0, (distinct.get(value + 0) ?? 0) + times);
    count += times;
    sum += value * times;
  });
  const keys = [...distinct.keys()];
  const [minimum, maximum] = [Math.min(...keys), Math.max(...keys)];
  return { count, sum, minimum, maximum, distribution: distributionOf(distinct) };
}

/** "You can only retrieve percentile statistics for this data if … the Min and Max are equal" (PutMetricData). */
export function summaryOfSet(set: StatisticSet): Summary {
  const isOneValue = set.minimum === set.maximum;
  return { ...set, distribution: isOneValue ? distributionOf(new Map([[set.minimum, set.count]])) : undefined };
}

export function mergeSummaries(a: Summary, b: Summary): Summary {
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    minimum: Math.min(a.minimum, b.minimum),
    maximum: Math.max(a.maximum, b.maximum),
    distribution: a.distribution && b.distribution ? mergeDistributions(a.distribution, b.distribution) : undefined,
  };
}

export const statisticNames = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;

export type Statistic = { readonly name: (typeof statisticNames)[number] } | { readonly percent: number };

/** `Average`, `p99.9`. @returns undefined for what is neither. */
export function parseStatistic(text: string): Statistic | undefined {
  const name = statisticNames.find((known) => known === text);
  if (name) return { name };
  const percent = /^p(100(?:\.0{1,10})?|\d{1,2}(?:\.\d{1,10})?)$/.exec(text)?.[1];
  return percent === undefined ? undefined : { percent: Number(percent) };
}

/** @returns undefined for a percentile that cannot be known, as CloudWatch has none where a value is negative. */
export function statisticOf(summary: Summary, statistic: Statistic): number | undefined {
  if ('percent' in statistic) return percentileOf(summary, statistic.percent);
  const { count, sum, minimum, maximum } = summary;
  switch (statistic.name) {
    case 'SampleCount':
      return count;
    case 'Average':
      return sum / count;
    case 'Sum':
      return sum;
    case 'Minimum':
      return minimum;
    case 'Maximum':
      return maximum;
  }
}

function percentileOf({ distribution, minimum, maximum }: Summary, percent: number): number | undefined {
  if (distribution === undefined || minimum < 0) return undefined;
  // The ends are known exactly, the middle of a bin may lie beyond them.
  return Math.min(Math.max(percentile(distribution, percent), minimum), maximum);
}

/** AWS's other statistics: trimmed and winsorised means, trimmed counts and sums, percentile ranks, interquartile mean. */
export function isUnservedStatistic(text: string): boolean {
  return /^(tm|wm|tc|ts|TM|WM|TC|TS|PR)\(.*\)$|^(tm|wm|tc|ts)[\d.]+$|^IQM$/.test(text);
}
