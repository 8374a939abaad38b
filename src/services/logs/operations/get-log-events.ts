import type { GetLogEventsRequest, GetLogEventsResponse } from '@aws-sdk/client-cloudwatch-logs';
import type { Operation, Validated } from '../../operation.ts';
import { groupDemand, streamDemand } from '../demands.ts';
import { readEvents } from '../events.ts';
import { requireGroup } from '../groups.ts';
import { groupNamed } from '../names.ts';
import { takePage, tokensOf } from '../page.ts';
import {
  earlier,
  firstPosition,
  formatToken,
  lastPosition,
  later,
  parseToken,
  type Range,
  startOf,
  type Token,
} from '../position.ts';
import type { LogsState } from '../state.ts';
import { requireStream } from '../streams.ts';

type Input = Validated<GetLogEventsRequest>;

export const getLogEvents: Operation<LogsState, GetLogEventsRequest, GetLogEventsResponse> = {
  name: 'GetLogEvents',
  fields: {
    logGroupName: 'real',
    logGroupIdentifier: 'real',
    logStreamName: 'real',
    startTime: 'real',
    endTime: 'real',
    nextToken: 'real',
    limit: 'real',
    startFromHead: 'real',
    // Nothing is masked here; the right to see it is asked for.
    unmask: 'real',
  },
  authorize(input, call, state) {
    const group = groupNamed(input, call);
    const options = { place: call, state };
    const get = streamDemand('logs:GetLogEvents', { group, stream: input.logStreamName }, options);
    return input.unmask ? [get, groupDemand('logs:Unmask', group, options)] : [get];
  },
  run(input, call, state) {
    const group = requireGroup(call, groupNamed(input, call), state);
    const stream = requireStream(group, input.logStreamName, state);
    const given = input.nextToken === undefined ? undefined : parseToken(input.nextToken);
    // A token knows its direction.
    const forwards = given ? given.direction === 'f' : input.startFromHead === true;
    const order = forwards ? 'ascending' : 'descending';
    const page = takePage(readEvents(stream, { range: rangeOf(input, given), order }, state), input.limit ?? 10_000);
    if (!forwards) page.reverse();
    const { forward, backward } = tokensOf(page, { given, from: input.startTime });
    return {
      events: page.map(({ timestamp, message, ingestion }) => ({ timestamp, message, ingestionTime: ingestion })),
      nextForwardToken: formatToken(forward),
      nextBackwardToken: formatToken(backward),
    };
  },
};

/** startTime belongs to the range, endTime doesn't. */
function rangeOf({ startTime, endTime }: Input, given: Token | undefined): Range {
  const after = startTime === undefined ? firstPosition : startOf(startTime);
  const before = endTime === undefined ? lastPosition : startOf(endTime);
  return {
    after: given?.direction === 'f' ? later(after, given.position) : after,
    before: given?.direction === 'b' ? earlier(before, given.position) : before,
  };
}
