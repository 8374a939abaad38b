import type { Datapoint, GetMetricStatisticsInput, GetMetricStatisticsOutput } from '@aws-sdk/client-cloudwatch';
import type { Operation, Validated } from '../../operation.ts';
import { invalidCombination, invalidValue, missingParameter, notServed } from '../errors.ts';
import { dimensionsOf } from '../metric-data.ts';
import { readMetric } from '../read.ts';
import type { CloudWatchState } from '../state.ts';
import { isUnservedStatistic, parseStatistic, type Statistic, type Summary, statisticOf } from '../summary.ts';
import type { Unit } from '../units.ts';
import { isPeriod, windowOf } from '../window.ts';

type Input = Validated<GetMetricStatisticsInput>;

const mostDatapoints = 1440;

export const getMetricStatistics: Operation<CloudWatchState, GetMetricStatisticsInput, GetMetricStatisticsOutput> = {
  name: 'GetMetricStatistics',
  fields: {
    Namespace: 'real',
    MetricName: 'real',
    Dimensions: 'real',
    StartTime: 'real',
    EndTime: 'real',
    Period: 'real',
    Statistics: 'real',
    ExtendedStatistics: 'real',
    Unit: 'real',
  },
  authorize: () => [{ action: 'cloudwatch:GetMetricStatistics', resource: '*' }],
  run(input, call, state) {
    checkTimes(input);
    const statistics = requestedStatistics(input);
    const window = windowOf({ start: input.StartTime, end: input.EndTime, period: input.Period }, call.now);
    const metric = {
      namespace: input.Namespace,
      name: input.MetricName,
      dimensions: dimensionsOf(input.Dimensions),
    };
    const place = { account: call.account, region: call.region };
    const byUnit = readMetric({ ...place, ...window, metric, unit: input.Unit as Unit | undefined }, state);
    const points = [...byUnit].flatMap(([unit, buckets]) =>
      [...buckets].map(([time, summary]) => datapoint({ time, unit, summary }, statistics)),
    );
    return { Label: input.MetricName, Datapoints: points };
  },
};

function checkTimes({ StartTime, EndTime, Period }: Input): void {
  const seconds = (EndTime.getTime() - StartTime.getTime()) / 1000;
  if (seconds === 0) throw invalidValue('The parameter StartTime must not equal parameter EndTime.');
  // No time at all, which only CBOR can say, is not less either.
  if (!(seconds > 0)) throw invalidValue('The parameter StartTime must be less than the parameter EndTime.');
  if (!isPeriod(Period)) {
    throw invalidValue('The parameter Period must be 1, 5, 10, 20, 30, or a multiple of 60.');
  }
  const count = Math.ceil(seconds / Period);
  if (count > mostDatapoints) {
    throw invalidCombination(
      `You have requested up to ${count} datapoints, which exceeds the limit of ${mostDatapoints}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    );
  }
}

/** By the names that were asked for. */
function requestedStatistics({ Statistics, ExtendedStatistics }: Input): Map<string, Statistic> {
  if ((Statistics === undefined) === (ExtendedStatistics === undefined)) {
    const message = 'Must specify either Statistics or ExtendedStatistics';
    throw Statistics === undefined ? missingParameter(message) : invalidCombination(message);
  }
  const parameter = Statistics === undefined ? 'ExtendedStatistics' : 'Statistics';
  const names: readonly string[] = Statistics ?? ExtendedStatistics ?? [];
  return new Map(
    names.map((name, index) => {
      const statistic = parseStatistic(name);
      if (statistic) return [name, statistic];
      const at = `${parameter}.member.${index + 1}`;
      if (isUnservedStatistic(name))
        throw notServed(`The statistic ${name} (${at}) is not supported by Whippet: use pNN.`);
      throw invalidValue(`The value ${name} for parameter ${at} is not supported.`);
    }),
  );
}

function datapoint(
  { time, unit, summary }: { time: number; unit: Unit; summary: Summary },
  statistics: ReadonlyMap<string, Statistic>,
): Datapoint {
  const point: Datapoint = { Timestamp: new Date(time * 1000), Unit: unit };
  const extended: Record<string, number> = {};
  for (const [name, statistic] of statistics) {
    const value = statisticOf(summary, statistic);
    if (value === undefined) continue;
    if ('name' in statistic) point[statistic.name] = value;
    else extended[name] = value;
  }
  return Object.keys(extended).length > 0 ? { ...point, ExtendedStatistics: extended } : point;
}
