import type { GetPolicyVersionRequest, GetPolicyVersionResponse } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { policyDemand } from '../demands.ts';
import { noSuchPolicyVersion } from '../errors.ts';
import { findPolicy, versionsOf } from '../policies.ts';
import { wireFullVersion } from '../policy-wire.ts';
import type { IamState } from '../state.ts';

export const getPolicyVersion: Operation<IamState, GetPolicyVersionRequest, GetPolicyVersionResponse> = {
  name: 'GetPolicyVersion',
  fields: { PolicyArn: 'real', VersionId: 'real' },
  authorize: ({ PolicyArn }, call, state) => [policyDemand('iam:GetPolicyVersion', PolicyArn, { call, state })],
  run({ PolicyArn, VersionId }, { account }, state) {
    const policy = findPolicy(PolicyArn, account, state);
    const found = policy && versionsOf(policy, state).find(({ version }) => version === VersionId);
    if (policy === undefined || found === undefined) throw noSuchPolicyVersion(PolicyArn, VersionId);
    return { PolicyVersion: wireFullVersion(found, policy) };
  },
};
