import type { PutRetentionPolicyRequest } from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../operation.ts';
import { groupDemand } from '../demands.ts';
import { invalidParameter } from '../errors.ts';
import { requireGroup } from '../groups.ts';
import type { LogsState } from '../state.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html; the model knows an integer. */
const allowedDays = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731],
  ...[1096, 1827, 2192, 2557, 2922, 3288, 3653],
];

export const putRetentionPolicy: Operation<LogsState, PutRetentionPolicyRequest, object> = {
  name: 'PutRetentionPolicy',
  fields: { logGroupName: 'real', retentionInDays: 'real' },
  authorize: ({ logGroupName }, call, state) => [
    groupDemand('logs:PutRetentionPolicy', logGroupName, { place: call, state }),
  ],
  run({ logGroupName, retentionInDays: days }, call, state) {
    if (!allowedDays.includes(days)) {
      throw invalidParameter(
        `1 validation error detected: Value at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${allowedDays.join(', ')}]`,
      );
    }
    const { id } = requireGroup(call, logGroupName, state);
    state.database.run('UPDATE log_groups SET retention = ? WHERE id = ?', days, id);
    return {};
  },
};
