import type { ListRolePoliciesRequest, ListRolePoliciesResponse } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { roleDemand } from '../demands.ts';
import { inlinePolicies } from '../inline-policies.ts';
import { pageOf } from '../paging.ts';
import { requireRole } from '../roles.ts';
import type { IamState } from '../state.ts';

export const listRolePolicies: Operation<IamState, ListRolePoliciesRequest, ListRolePoliciesResponse> = {
  name: 'ListRolePolicies',
  fields: { RoleName: 'real', Marker: 'real', MaxItems: 'real' },
  authorize: ({ RoleName }, call, state) => [roleDemand('iam:ListRolePolicies', RoleName, { call, state })],
  run(input, call, state) {
    const policies = inlinePolicies(requireRole(input.RoleName, call, state), state);
    const { items, page } = pageOf(policies, ({ name }) => name, input);
    return { PolicyNames: items.map(({ name }) => name), ...page };
  },
};
