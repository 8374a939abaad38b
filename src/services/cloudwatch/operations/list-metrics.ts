import type { DimensionFilter, ListMetricsInput, ListMetricsOutput } from '@aws-sdk/client-cloudwatch';
import type { Operation, Validated } from '../../operation.ts';
import { invalidValue } from '../errors.ts';
import type { Dimensions } from '../metrics.ts';
import { formatToken, parseToken } from '../page-token.ts';
import type { CloudWatchState, Place } from '../state.ts';

type Input = Validated<ListMetricsInput>;

const pageSize = 500;
const hour = 3_600_000;
/** "Doesn't return information about metrics if those metrics haven't reported data in the past two weeks." */
const listedFor = 14 * 24 * hour;

export const listMetrics: Operation<CloudWatchState, ListMetricsInput, ListMetricsOutput> = {
  name: 'ListMetrics',
  fields: {
    Namespace: 'real',
    MetricName: 'real',
    Dimensions: 'real',
    NextToken: 'real',
    RecentlyActive: 'real',
    IncludeLinkedAccounts: [false],
    OwningAccount: 'refused',
  },
  authorize: () => [{ action: 'cloudwatch:ListMetrics', resource: '*' }],
  run(input, call, state) {
    const since = call.now.getTime() - (input.RecentlyActive === undefined ? listedFor : 3 * hour);
    const found = select(input, { place: call, since }, state);
    const shown = found.slice(0, pageSize);
    const last = shown.at(-1);
    return {
      Metrics: shown.map(({ namespace, name, dimensions }) => ({
        Namespace: namespace,
        MetricName: name,
        Dimensions: parseDimensions(dimensions).map(([Name, Value]) => ({ Name, Value })),
      })),
      ...(found.length > pageSize && last && { NextToken: formatToken([last.namespace, last.name, last.dimensions]) }),
    };
  },
};

interface MetricRow {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: string;
}

/** One more than fit on the page. */
function select(
  { Namespace, MetricName, Dimensions, NextToken }: Input,
  { place, since }: { place: Place; since: number },
  { database }: CloudWatchState,
): MetricRow[] {
  const [namespace, name, dimensions] = NextToken === undefined ? ['', '', ''] : positionOf(NextToken);
  const rows = database.iterate<MetricRow>(
    `SELECT namespace, name, dimensions FROM metrics
     WHERE account = ?1 AND region = ?2 AND (namespace, name, dimensions) > (?3, ?4, ?5)
       AND (?6 IS NULL OR namespace = ?6) AND (?7 IS NULL OR name = ?7) AND published >= ?8
     ORDER BY namespace, name, dimensions`,
    ...[place.account, place.region, namespace, name, dimensions, Namespace ?? null, MetricName ?? null, since],
  );
  const found: MetricRow[] = [];
  for (const row of rows) {
    if (hasAll(row.dimensions, Dimensions)) found.push(row);
    if (found.length > pageSize) break;
  }
  return found;
}

function positionOf(token: string): [string, string, string] {
  const position = parseToken(token, ['string', 'string', 'string']);
  if (position === undefined) throw invalidValue('Request parameter NextToken is invalid');
  return position as [string, string, string];
}

/** "If you specify one dimension name and a metric has that dimension and also other dimensions, it will be returned." */
function hasAll(dimensions: string, filters: readonly DimensionFilter[] = []): boolean {
  if (filters.length === 0) return true;
  const present = new Map(parseDimensions(dimensions));
  return filters.every(
    ({ Name = '', Value }) => present.has(Name) && (Value === undefined || present.get(Name) === Value),
  );
}

function parseDimensions(dimensions: string): Dimensions {
  return JSON.parse(dimensions);
}
