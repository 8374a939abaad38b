import type { LabelOptions, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { notServed, validationError } from './errors.ts';
import { dimensionsOf } from './metric-data.ts';
import type { MetricName } from './metrics.ts';
import { isUnservedStatistic, parseStatistic, type Statistic } from './summary.ts';
import type { Unit } from './units.ts';
import { isPeriod } from './window.ts';

export interface LabelledPoint {
  /** Seconds since 1970. */
  readonly time: number;
  readonly value: number;
}

/** A query for one statistic of one metric. */
export interface Stated {
  readonly id: string;
  readonly metric: MetricName;
  /** Seconds. */
  readonly period: number;
  readonly statistic: Statistic;
  readonly unit: Unit | undefined;
  /** What the result is called. @param points All of them, in the order of time. */
  readonly label: (points: readonly LabelledPoint[]) => string;
}

const mostQueries = 500;

interface Context {
  readonly account: string;
  readonly options: LabelOptions | undefined;
}

/**
 * The queries whose data is asked for.
 * @throws AwsFault ValidationError; 501 for expressions and what else is not served.
 */
export function readQueries(queries: readonly MetricDataQuery[], context: Context): Stated[] {
  if (queries.length === 0) throw validationError('The parameter MetricDataQueries is required.');
  if (queries.length > mostQueries) {
    throw validationError(`The collection MetricDataQueries must not have a size greater than ${mostQueries}.`);
  }
  checkTimezone(context.options?.Timezone);
  const ids = queries.map(({ Id }) => Id ?? '');
  if (new Set(ids).size < ids.length)
    throw validationError('The values for parameter id in MetricDataQueries are not unique.');
  const read = queries.map((query, index) => readQuery(query, `MetricDataQueries.member.${index + 1}`, context));
  return read.filter((_, index) => queries[index]?.ReturnData !== false);
}

function readQuery(query: MetricDataQuery, at: string, { account }: Context): Stated {
  const { Id: id = '', MetricStat: stat, Label: label } = query;
  if (!/^[a-z][A-Za-z0-9_]*$/.test(id)) throw validationError(`The value ${id} for parameter ${at}.Id is invalid.`);
  if (query.Expression !== undefined) {
    throw notServed(
      `${at}.Expression is not supported by Whippet: metric math and Metrics Insights are not served, only MetricStat is.`,
    );
  }
  if (query.AccountId !== undefined && query.AccountId !== account) {
    throw notServed(`${at}.AccountId is not supported by Whippet: metrics of other accounts are not served.`);
  }
  if (label?.includes('${')) {
    throw notServed(`${at}.Label is not supported by Whippet: dynamic labels (\${…}) are not served.`);
  }
  if (stat === undefined) throw validationError(`The parameter ${at}.MetricStat is required.`);
  const { Metric: metric = {}, Period: period = 0, Stat: name = '', Unit: unit } = stat;
  if (!isPeriod(period)) {
    throw validationError(`The parameter ${at}.MetricStat.Period must be 1, 5, 10, 20, 30, or a multiple of 60.`);
  }
  return {
    id,
    metric: {
      namespace: required(metric.Namespace, `${at}.MetricStat.Metric.Namespace`),
      name: required(metric.MetricName, `${at}.MetricStat.Metric.MetricName`),
      dimensions: dimensionsOf(metric.Dimensions),
    },
    period,
    statistic: readStatistic(name, `${at}.MetricStat.Stat`),
    unit,
    label: () => label ?? metric.MetricName ?? '',
  };
}

function required(value: string | undefined, name: string): string {
  if (value === undefined) throw validationError(`The parameter ${name} is required.`);
  return value;
}

function readStatistic(name: string, at: string): Statistic {
  const statistic = parseStatistic(name);
  if (statistic) return statistic;
  if (isUnservedStatistic(name)) throw notServed(`The statistic ${name} (${at}) is not supported by Whippet: use pNN.`);
  throw validationError(`The value ${name} for parameter ${at} is not supported.`);
}

/** It only shows in dynamic labels. */
function checkTimezone(timezone: string | undefined): void {
  if (timezone === undefined || /^[+-]\d{4}$/.test(timezone)) return;
  throw validationError(`The value ${timezone} for parameter LabelOptions.Timezone is invalid.`);
}
