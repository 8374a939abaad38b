/** CloudWatch. What is faithful, missing and different is in `fidelity`; docs/services/cloudwatch.md is written from it and from the table. */
import type { ServedOperation } from '../../wire/index.ts';
import type { AnyOperation } from '../operation.ts';
import type { Fidelity, Service } from '../service.ts';
import { accessDenied } from './errors.ts';
import { getMetricData } from './operations/get-metric-data.ts';
import { getMetricStatistics } from './operations/get-metric-statistics.ts';
import { listMetrics } from './operations/list-metrics.ts';
import { putMetricData } from './operations/put-metric-data.ts';
import type { CloudWatchState } from './state.ts';

export { type Buckets, type Query, readAllUnits, readMetric } from './read.ts';
export { type Datum, putData } from './recent.ts';
export { cloudWatchRollUp } from './roll-up.ts';
export type { CloudWatchState } from './state.ts';
export {
  mergeSummaries,
  parseStatistic,
  type Statistic,
  type Summary,
  statisticOf,
  summaryOfSet,
  summaryOfValues,
} from './summary.ts';

export const title = 'CloudWatch';

export const operations = {
  GetMetricData: getMetricData,
  GetMetricStatistics: getMetricStatistics,
  ListMetrics: listMetrics,
  PutMetricData: putMetricData,
} satisfies Record<ServedOperation<'cloudwatch'>, AnyOperation<CloudWatchState>>;

export const fidelity: Fidelity = {
  faithful: [
    'Query, JSON and CBOR clients are served alike.',
    'Data is kept as on AWS: seconds for 3 hours, minutes for 15 days, five minutes for 63 days, hours for 455 days; what is older comes from the next coarser step.',
    'Values with counts, statistic sets, single-second resolution, units, and dimensions in any order.',
    'Start times are rounded and periods limited by age as GetMetricStatistics documents it.',
  ],
  missing: [
    'Metric math and Metrics Insights in GetMetricData; dynamic labels.',
    'Trimmed means and the other extended statistics beyond percentiles (pNN).',
    'Alarms, dashboards, metric streams, anomaly detection, entities and linked accounts.',
  ],
  different: [
    'Percentiles are exact (nearest rank) where a bucket has up to 32 different values, else within 1 %; where values of one bucket differ by more than a factor of 167, within 2 % for each further doubling.',
    'What was put can be read and listed at once; AWS may take minutes.',
    'GetMetricData adds up data of all units where none is asked for, and calls a result without a label by the name of its metric.',
    'Metrics are listed in the order of their names, datapoints in the order of time.',
    'Requests are not throttled.',
  ],
};

export function createCloudWatch(state: CloudWatchState): Service<CloudWatchState> {
  return { operations, state, denied: accessDenied };
}
