import type { ListEntitiesForPolicyRequest, ListEntitiesForPolicyResponse } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { rolesWith } from '../attachments.ts';
import { policyDemand } from '../demands.ts';
import { pageOf } from '../paging.ts';
import { requirePolicy } from '../policies.ts';
import { findRole } from '../roles.ts';
import type { IamState } from '../state.ts';

/** Whoever has the policy. Only roles can. */
export const listEntitiesForPolicy: Operation<IamState, ListEntitiesForPolicyRequest, ListEntitiesForPolicyResponse> = {
  name: 'ListEntitiesForPolicy',
  fields: {
    PolicyArn: 'real',
    EntityFilter: 'real',
    PathPrefix: 'real',
    PolicyUsageFilter: ['PermissionsPolicy'],
    Marker: 'real',
    MaxItems: 'real',
  },
  authorize: ({ PolicyArn }, call, state) => [policyDemand('iam:ListEntitiesForPolicy', PolicyArn, { call, state })],
  run(input, call, state) {
    const { arn } = requirePolicy(input.PolicyArn, call, state);
    const { EntityFilter = 'Role', PathPrefix = '/' } = input;
    const roles = rolesWith(arn, call.account, state)
      .flatMap((name) => findRole(name, call.account, state) ?? [])
      .filter(({ path }) => EntityFilter === 'Role' && path.startsWith(PathPrefix));
    const { items, page } = pageOf(roles, ({ name }) => name, input);
    return {
      PolicyGroups: [],
      PolicyUsers: [],
      PolicyRoles: items.map(({ name, id }) => ({ RoleName: name, RoleId: id })),
      ...page,
    };
  },
};
