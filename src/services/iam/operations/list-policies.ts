import type { ListPoliciesRequest, ListPoliciesResponse } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { attachmentCounts } from '../attachments.ts';
import { pageOf } from '../paging.ts';
import { accountPolicies, awsPolicies } from '../policies.ts';
import { wirePolicy } from '../policy-wire.ts';
import type { IamState } from '../state.ts';

export const listPolicies: Operation<IamState, ListPoliciesRequest, ListPoliciesResponse> = {
  name: 'ListPolicies',
  fields: {
    Scope: 'real',
    OnlyAttached: 'real',
    PathPrefix: 'real',
    PolicyUsageFilter: ['PermissionsPolicy'],
    Marker: 'real',
    MaxItems: 'real',
  },
  authorize: () => [{ action: 'iam:ListPolicies', resource: '*' }],
  run(input, { account }, state) {
    const { Scope = 'All', OnlyAttached = false, PathPrefix = '/' } = input;
    const counts = attachmentCounts(account, state);
    const policies = [
      ...(Scope === 'AWS' ? [] : accountPolicies(account, state)),
      ...(Scope === 'Local' ? [] : awsPolicies()),
    ].filter(({ arn, path }) => path.startsWith(PathPrefix) && (!OnlyAttached || counts.has(arn)));
    const { items, page } = pageOf(policies, ({ arn }) => arn, input);
    return { Policies: items.map((policy) => wirePolicy(policy, counts.get(policy.arn) ?? 0)), ...page };
  },
};
