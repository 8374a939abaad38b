import type { MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { LabelledPoint, Stated } from './metric-data-queries.ts';

/** Which query goes on, behind which point of time (seconds since 1970). */
export interface PagePlace {
  readonly query: number;
  readonly time: number;
}

export interface PageOptions {
  /** In the order of time. */
  readonly pointsOf: (query: Stated) => readonly LabelledPoint[];
  readonly descending: boolean;
  /** Points on the page. */
  readonly limit: number;
  readonly from: PagePlace | undefined;
}

/** Fills a page from one query after another. Those that have been told completely by an earlier page come without points. */
export function takePage(
  queries: readonly Stated[],
  { pointsOf, descending, limit, from }: PageOptions,
): { results: MetricDataResult[]; next?: PagePlace } {
  const results: MetricDataResult[] = [];
  let left = limit;
  let next: PagePlace | undefined;
  queries.forEach((query, index) => {
    const isTold = from !== undefined && index < from.query;
    if (isTold || next !== undefined) {
      results.push(result(query, { points: [], all: [], isComplete: isTold }));
      return;
    }
    const all = pointsOf(query);
    const ordered = descending ? all.toReversed() : all;
    const rest = index === from?.query ? ordered.filter(({ time }) => isBehind(time, from.time, descending)) : ordered;
    const points = rest.slice(0, left);
    left -= points.length;
    const isComplete = points.length === rest.length;
    // A query of which nothing fitted goes on from before its first point.
    if (!isComplete) next = { query: index, time: points.at(-1)?.time ?? beforeAll(index, from, descending) };
    results.push(result(query, { points, all, isComplete }));
  });
  return { results, ...(next && { next }) };
}

function isBehind(time: number, place: number, descending: boolean): boolean {
  return descending ? time < place : time > place;
}

function beforeAll(index: number, from: PagePlace | undefined, descending: boolean): number {
  if (index === from?.query) return from.time;
  return descending ? Number.MAX_SAFE_INTEGER : -1;
}

interface Told {
  readonly points: readonly LabelledPoint[];
  readonly all: readonly LabelledPoint[];
  readonly isComplete: boolean;
}

function result(query: Stated, { points, all, isComplete }: Told): MetricDataResult {
  return {
    Id: query.id,
    Label: query.label(all),
    Timestamps: points.map(({ time }) => new Date(time * 1000)),
    Values: points.map(({ value }) => value),
    StatusCode: isComplete ? 'Complete' : 'PartialData',
  };
}
