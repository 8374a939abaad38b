import type { GetMetricDataInput, GetMetricDataOutput } from '@aws-sdk/client-cloudwatch';
import type { Operation, Validated } from '../../operation.ts';
import { invalidNextToken, validationError } from '../errors.ts';
import { takePage } from '../metric-data-page.ts';
import { readQueries, type Stated } from '../metric-data-queries.ts';
import { formatToken, parseToken } from '../page-token.ts';
import { readAllUnits } from '../read.ts';
import type { CloudWatchState } from '../state.ts';
import { statisticOf } from '../summary.ts';
import { windowOf } from '../window.ts';

type Input = Validated<GetMetricDataInput>;

const mostDatapoints = 100_800;

export const getMetricData: Operation<CloudWatchState, GetMetricDataInput, GetMetricDataOutput> = {
  name: 'GetMetricData',
  fields: {
    // Expressions are refused.
    MetricDataQueries: 'real',
    StartTime: 'real',
    EndTime: 'real',
    NextToken: 'real',
    ScanBy: 'real',
    MaxDatapoints: 'real',
    LabelOptions: 'real',
  },
  authorize: () => [{ action: 'cloudwatch:GetMetricData', resource: '*' }],
  run(input, call, state) {
    checkRange(input);
    const queries = readQueries(input.MetricDataQueries, { account: call.account, options: input.LabelOptions });
    const { results, next } = takePage(queries, {
      pointsOf: (query) => pointsOf(query, input, { place: call, now: call.now, state }),
      descending: input.ScanBy !== 'TimestampAscending',
      limit: input.MaxDatapoints ?? mostDatapoints,
      from: positionOf(input.NextToken),
    });
    return {
      MetricDataResults: results,
      Messages: [],
      ...(next && { NextToken: formatToken([next.query, next.time]) }),
    };
  },
};

function checkRange({ StartTime, EndTime, MaxDatapoints }: Input): void {
  const difference = EndTime.getTime() - StartTime.getTime();
  if (difference === 0) throw validationError('The parameter StartTime must not equal parameter EndTime.');
  // No time at all, which only CBOR can say, is not greater either.
  if (!(difference > 0)) throw validationError('The parameter EndTime must be greater than StartTime.');
  if (MaxDatapoints === undefined) return;
  if (!(MaxDatapoints >= 1 && MaxDatapoints <= mostDatapoints)) {
    throw validationError(`The parameter MaxDatapoints must be between 1 and ${mostDatapoints}.`);
  }
}

function positionOf(token: string | undefined) {
  if (token === undefined) return undefined;
  const position = parseToken(token, ['number', 'number']);
  if (position === undefined) throw invalidNextToken();
  const [query, time] = position as [number, number];
  return { query, time };
}

interface Reading {
  readonly place: { readonly account: string; readonly region: string };
  readonly now: Date;
  readonly state: CloudWatchState;
}

/** In the order of time. A percentile that cannot be known leaves its bucket out. */
function pointsOf({ metric, period, statistic, unit }: Stated, input: Input, { place, now, state }: Reading) {
  const window = windowOf({ start: input.StartTime, end: input.EndTime, period }, now);
  const { account, region } = place;
  return [...readAllUnits({ account, region, ...window, metric, unit }, state)].flatMap(([time, summary]) => {
    const value = statisticOf(summary, statistic);
    return value === undefined ? [] : [{ time, value }];
  });
}
