import type {
  FilteredLogEvent,
  FilterLogEventsRequest,
  FilterLogEventsResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Operation, Validated } from '../../operation.ts';
import { groupDemand } from '../demands.ts';
import { invalidParameter } from '../errors.ts';
import { parseFilterPattern } from '../filter-pattern.ts';
import { type LogGroup, requireGroup } from '../groups.ts';
import { groupNamed } from '../names.ts';
import {
  earlier,
  firstPosition,
  formatPosition,
  formatToken,
  lastPosition,
  later,
  parseToken,
  type Range,
  startOf,
  type Token,
} from '../position.ts';
import { type FoundEvent, searchEvents } from '../search.ts';
import type { LogsState } from '../state.ts';
import { type LogStream, requireStream, streamsWithEvents } from '../streams.ts';

type Input = Validated<FilterLogEventsRequest>;

export const filterLogEvents: Operation<LogsState, FilterLogEventsRequest, FilterLogEventsResponse> = {
  name: 'FilterLogEvents',
  fields: {
    logGroupName: 'real',
    logGroupIdentifier: 'real',
    logStreamNames: 'real',
    logStreamNamePrefix: 'real',
    startTime: 'real',
    endTime: 'real',
    filterPattern: 'real',
    nextToken: 'real',
    limit: 'real',
    startFromHead: 'real',
    // "As of June 17, 2019, this parameter is ignored and the value is assumed to be true."
    interleaved: 'stored',
    unmask: 'real',
  },
  authorize(input, call, state) {
    const group = groupNamed(input, call);
    const options = { place: call, state };
    const filter = groupDemand('logs:FilterLogEvents', group, options);
    return input.unmask ? [filter, groupDemand('logs:Unmask', group, options)] : [filter];
  },
  run(input, call, state) {
    const group = requireGroup(call, groupNamed(input, call), state);
    const given = input.nextToken === undefined ? undefined : parseToken(input.nextToken);
    const range = rangeOf(input, given);
    const direction = given?.direction ?? (startsFromHead(input) ? 'f' : 'b');
    const { events, next } = searchEvents(
      {
        streams: chosenStreams(input, { group, range }, state),
        range,
        order: direction === 'f' ? 'ascending' : 'descending',
        matches: parseFilterPattern(input.filterPattern ?? ''),
        limit: input.limit ?? 10_000,
      },
      state,
    );
    return {
      events: events.map(described),
      // "As of May 15, 2020, this parameter is no longer supported. This parameter returns an empty list."
      searchedLogStreams: [],
      ...(next && { nextToken: formatToken({ direction, position: next }) }),
    };
  },
};

const latestFirstSince = Date.UTC(2024, 0, 1);

function startsFromHead({ startFromHead = true, startTime }: Input): boolean {
  if (!startFromHead && (startTime ?? 0) < latestFirstSince) {
    throw invalidParameter('startFromHead can be false only with a startTime on or after Jan 1, 2024 00:00:00 UTC.');
  }
  return startFromHead;
}

function chosenStreams(
  { logStreamNames: names, logStreamNamePrefix: prefix }: Input,
  { group, range }: { group: LogGroup; range: Range },
  state: LogsState,
): LogStream[] {
  if (names === undefined) return streamsWithEvents(group, { prefix: prefix ?? '', range }, state);
  if (prefix !== undefined) {
    throw invalidParameter('logStreamNamePrefix and logStreamNames are mutually exclusive parameters.');
  }
  return [...new Set(names)].map((name) => requireStream(group, name, state));
}

/** Both times belong to the range: "Events with a timestamp later than this time are not returned." */
function rangeOf({ startTime, endTime }: Input, given: Token | undefined): Range {
  const after = startTime === undefined ? firstPosition : startOf(startTime);
  const before = endTime === undefined ? lastPosition : startOf(endTime + 1);
  return {
    after: given?.direction === 'f' ? later(after, given.position) : after,
    before: given?.direction === 'b' ? earlier(before, given.position) : before,
  };
}

function described(event: FoundEvent): FilteredLogEvent {
  return {
    logStreamName: event.stream,
    timestamp: event.timestamp,
    message: event.message,
    ingestionTime: event.ingestion,
    eventId: formatPosition(event),
  };
}
