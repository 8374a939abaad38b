import type { GetPolicyRequest, GetPolicyResponse } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { rolesWith } from '../attachments.ts';
import { policyDemand } from '../demands.ts';
import { requirePolicy } from '../policies.ts';
import { wireFullPolicy } from '../policy-wire.ts';
import type { IamState } from '../state.ts';

export const getPolicy: Operation<IamState, GetPolicyRequest, GetPolicyResponse> = {
  name: 'GetPolicy',
  fields: { PolicyArn: 'real' },
  authorize: ({ PolicyArn }, call, state) => [policyDemand('iam:GetPolicy', PolicyArn, { call, state })],
  run({ PolicyArn }, call, state) {
    const policy = requirePolicy(PolicyArn, call, state);
    return { Policy: wireFullPolicy(policy, rolesWith(policy.arn, call.account, state).length) };
  },
};
