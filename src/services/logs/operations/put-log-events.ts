import type { PutLogEventsRequest, PutLogEventsResponse, RejectedLogEventsInfo } from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../operation.ts';
import { type Accepted, checkBatch } from '../batch.ts';
import { streamDemand } from '../demands.ts';
import { type LogEvent, storeEvents } from '../events.ts';
import { requireGroup } from '../groups.ts';
import { formatPosition } from '../position.ts';
import type { LogsState } from '../state.ts';
import { requireStream } from '../streams.ts';

export const putLogEvents: Operation<LogsState, PutLogEventsRequest, PutLogEventsResponse> = {
  name: 'PutLogEvents',
  fields: {
    logGroupName: 'real',
    logStreamName: 'real',
    logEvents: 'real',
    // "The sequence token is now ignored in PutLogEvents actions."
    sequenceToken: 'stored',
    entity: 'refused',
  },
  authorize: ({ logGroupName: group, logStreamName: stream }, call, state) => [
    streamDemand('logs:PutLogEvents', { group, stream }, { place: call, state }),
  ],
  run({ logGroupName, logStreamName, logEvents }, call, state) {
    const group = requireGroup(call, logGroupName, state);
    const stream = requireStream(group, logStreamName, state);
    const accepted = checkBatch(logEvents as readonly LogEvent[], { now: call.now, retention: group.retention });
    const sequence = storeEvents(stream, accepted.events, state);
    const rejected = rejectedInfo(accepted);
    return {
      nextSequenceToken: formatPosition({ timestamp: call.now.getTime(), sequence }),
      ...(rejected && { rejectedLogEventsInfo: rejected }),
    };
  },
};

function rejectedInfo({ tooOldEnd, expiredEnd, tooNewStart }: Accepted): RejectedLogEventsInfo | undefined {
  if (tooOldEnd === undefined && expiredEnd === undefined && tooNewStart === undefined) return undefined;
  return {
    ...(tooOldEnd !== undefined && { tooOldLogEventEndIndex: tooOldEnd }),
    ...(expiredEnd !== undefined && { expiredLogEventEndIndex: expiredEnd }),
    ...(tooNewStart !== undefined && { tooNewLogEventStartIndex: tooNewStart }),
  };
}
