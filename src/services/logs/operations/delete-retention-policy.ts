import type { DeleteRetentionPolicyRequest } from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../operation.ts';
import { groupDemand } from '../demands.ts';
import { requireGroup } from '../groups.ts';
import type { LogsState } from '../state.ts';

export const deleteRetentionPolicy: Operation<LogsState, DeleteRetentionPolicyRequest, object> = {
  name: 'DeleteRetentionPolicy',
  fields: { logGroupName: 'real' },
  authorize: ({ logGroupName }, call, state) => [
    groupDemand('logs:DeleteRetentionPolicy', logGroupName, { place: call, state }),
  ],
  run({ logGroupName }, call, state) {
    const { id } = requireGroup(call, logGroupName, state);
    state.database.run('UPDATE log_groups SET retention = NULL WHERE id = ?', id);
    return {};
  },
};
