import type { DeleteLogGroupRequest } from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../operation.ts';
import { groupDemand } from '../demands.ts';
import { deleteGroup, requireGroup } from '../groups.ts';
import type { LogsState } from '../state.ts';

export const deleteLogGroup: Operation<LogsState, DeleteLogGroupRequest, object> = {
  name: 'DeleteLogGroup',
  fields: { logGroupName: 'real' },
  authorize: ({ logGroupName }, call, state) => [
    groupDemand('logs:DeleteLogGroup', logGroupName, { place: call, state }),
  ],
  run({ logGroupName }, call, state) {
    deleteGroup(requireGroup(call, logGroupName, state), state);
    return {};
  },
};
