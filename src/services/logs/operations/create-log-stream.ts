import type { CreateLogStreamRequest } from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../operation.ts';
import { streamDemand } from '../demands.ts';
import { streamExists } from '../errors.ts';
import { requireGroup } from '../groups.ts';
import type { LogsState } from '../state.ts';
import { insertStream } from '../streams.ts';

export const createLogStream: Operation<LogsState, CreateLogStreamRequest, object> = {
  name: 'CreateLogStream',
  fields: { logGroupName: 'real', logStreamName: 'real' },
  authorize: ({ logGroupName: group, logStreamName: stream }, call, state) => [
    streamDemand('logs:CreateLogStream', { group, stream }, { place: call, state }),
  ],
  run({ logGroupName, logStreamName }, call, state) {
    const group = requireGroup(call, logGroupName, state);
    if (!insertStream(group, logStreamName, state)) throw streamExists();
    return {};
  },
};
