import type { DeleteLogStreamRequest } from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../operation.ts';
import { streamDemand } from '../demands.ts';
import { requireGroup } from '../groups.ts';
import type { LogsState } from '../state.ts';
import { deleteStream, requireStream } from '../streams.ts';

export const deleteLogStream: Operation<LogsState, DeleteLogStreamRequest, object> = {
  name: 'DeleteLogStream',
  fields: { logGroupName: 'real', logStreamName: 'real' },
  authorize: ({ logGroupName: group, logStreamName: stream }, call, state) => [
    streamDemand('logs:DeleteLogStream', { group, stream }, { place: call, state }),
  ],
  run({ logGroupName, logStreamName }, call, state) {
    deleteStream(requireStream(requireGroup(call, logGroupName, state), logStreamName, state), state);
    return {};
  },
};
