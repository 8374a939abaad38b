import type {
  DescribeLogStreamsRequest,
  DescribeLogStreamsResponse,
  LogStream as LogStreamDescription,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Operation, Validated } from '../../operation.ts';
import { groupDemand } from '../demands.ts';
import { invalidParameter } from '../errors.ts';
import { requireGroup } from '../groups.ts';
import { formatListToken, parseListToken } from '../list-token.ts';
import { groupNamed, streamArn } from '../names.ts';
import { formatPosition } from '../position.ts';
import type { LogsState } from '../state.ts';
import { endOfPrefix, type LogStream } from '../streams.ts';

type Input = Validated<DescribeLogStreamsRequest>;

export const describeLogStreams: Operation<LogsState, DescribeLogStreamsRequest, DescribeLogStreamsResponse> = {
  name: 'DescribeLogStreams',
  fields: {
    logGroupName: 'real',
    logGroupIdentifier: 'real',
    logStreamNamePrefix: 'real',
    orderBy: 'real',
    descending: 'real',
    nextToken: 'real',
    limit: 'real',
  },
  authorize: (input, call, state) => [
    groupDemand('logs:DescribeLogStreams', groupNamed(input, call), { place: call, state }),
  ],
  run(input, call, state) {
    const group = requireGroup(call, groupNamed(input, call), state);
    const byTime = input.orderBy === 'LastEventTime';
    if (byTime && input.logStreamNamePrefix !== undefined) {
      throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
    }
    const limit = input.limit ?? 50;
    const search = { group: group.id, descending: input.descending === true, token: input.nextToken, limit: limit + 1 };
    const found = byTime ? byEventTime(search, state) : byName({ ...search, prefix: prefixOf(input) }, state);
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    return {
      logStreams: shown.map((stream) => described(stream, streamArn(call, group.name, stream.name))),
      // On a complete page a token would send the SageMaker SDK round in circles.
      ...(found.length > limit &&
        last && { nextToken: formatListToken(byTime ? [last.last_event ?? 0, last.name] : [last.name]) }),
    };
  },
};

interface Search {
  readonly group: number;
  readonly descending: boolean;
  readonly token: string | undefined;
  readonly limit: number;
}

function prefixOf({ logStreamNamePrefix = '' }: Input): string {
  return logStreamNamePrefix;
}

function byName({ group, descending, token, limit, prefix }: Search & { prefix: string }, state: LogsState) {
  const [from] = token === undefined ? [descending ? endOfPrefix('') : ''] : parseListToken(token, ['string']);
  return state.database.all<LogStream>(
    `SELECT * FROM log_streams
     WHERE log_group = ? AND name >= ? AND name < ? AND name ${descending ? '<' : '>'} ?
     ORDER BY name ${descending ? 'DESC' : ''} LIMIT ?`,
    ...[group, prefix, endOfPrefix(prefix), from as string, limit],
  );
}

/** Streams without events count as the oldest. */
function byEventTime({ group, descending, token, limit }: Search, state: LogsState) {
  const start = descending ? [Number.MAX_SAFE_INTEGER, ''] : [-1, ''];
  const [time, name] = token === undefined ? start : parseListToken(token, ['number', 'string']);
  const order = descending ? 'DESC' : '';
  return state.database.all<LogStream>(
    `SELECT * FROM log_streams
     WHERE log_group = ? AND (COALESCE(last_event, 0), name) ${descending ? '<' : '>'} (?, ?)
     ORDER BY COALESCE(last_event, 0) ${order}, name ${order} LIMIT ?`,
    ...[group, time as number, name as string, limit],
  );
}

function described(stream: LogStream, arn: string): LogStreamDescription {
  const { first_event: first, last_event: last, last_ingestion: ingestion, last_sequence: sequence } = stream;
  return {
    logStreamName: stream.name,
    creationTime: stream.created,
    ...(first !== null && { firstEventTimestamp: first }),
    ...(last !== null && { lastEventTimestamp: last }),
    ...(ingestion !== null && { lastIngestionTime: ingestion }),
    ...(sequence !== null && { uploadSequenceToken: formatPosition({ timestamp: ingestion ?? 0, sequence }) }),
    arn,
    // "Starting on June 17, 2019, this parameter is deprecated for log streams, and is always reported as zero."
    storedBytes: 0,
  };
}
