import type { DeletePolicyRequest } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { rolesWith } from '../attachments.ts';
import { policyDemand } from '../demands.ts';
import { deleteConflict } from '../errors.ts';
import { deletePolicy as remove, requireOwnPolicy } from '../policies.ts';
import type { IamState } from '../state.ts';

export const deletePolicy: Operation<IamState, DeletePolicyRequest, void> = {
  name: 'DeletePolicy',
  fields: { PolicyArn: 'real' },
  authorize: ({ PolicyArn }, call, state) => [policyDemand('iam:DeletePolicy', PolicyArn, { call, state })],
  run({ PolicyArn }, call, state) {
    const policy = requireOwnPolicy(PolicyArn, call, state);
    if (rolesWith(policy.arn, call.account, state).length > 0) {
      throw deleteConflict('Cannot delete a policy attached to entities.');
    }
    remove(policy, state);
  },
};
