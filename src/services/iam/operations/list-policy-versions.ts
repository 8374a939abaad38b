import type { ListPolicyVersionsRequest, ListPolicyVersionsResponse } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { policyDemand } from '../demands.ts';
import { requirePolicy, versionsOf } from '../policies.ts';
import { wireVersion } from '../policy-wire.ts';
import type { IamState } from '../state.ts';

/** A policy has one version here, so the first page is the last. */
export const listPolicyVersions: Operation<IamState, ListPolicyVersionsRequest, ListPolicyVersionsResponse> = {
  name: 'ListPolicyVersions',
  fields: { PolicyArn: 'real', Marker: 'stored', MaxItems: 'stored' },
  authorize: ({ PolicyArn }, call, state) => [policyDemand('iam:ListPolicyVersions', PolicyArn, { call, state })],
  run({ PolicyArn }, call, state) {
    const policy = requirePolicy(PolicyArn, call, state);
    const versions = versionsOf(policy, state);
    return { Versions: versions.map((version) => wireVersion(version, policy)), IsTruncated: false };
  },
};
