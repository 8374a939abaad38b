import type { ListInstanceProfilesForRoleRequest, ListInstanceProfilesForRoleResponse } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { roleDemand } from '../demands.ts';
import { requireRole } from '../roles.ts';
import type { IamState } from '../state.ts';

type Request = ListInstanceProfilesForRoleRequest;
type Response = ListInstanceProfilesForRoleResponse;

/** There are no instance profiles here, so no role is in one. Terraform asks before it deletes a role. */
export const listInstanceProfilesForRole: Operation<IamState, Request, Response> = {
  name: 'ListInstanceProfilesForRole',
  fields: { RoleName: 'real', Marker: 'stored', MaxItems: 'stored' },
  authorize: ({ RoleName }, call, state) => [roleDemand('iam:ListInstanceProfilesForRole', RoleName, { call, state })],
  run({ RoleName }, call, state) {
    requireRole(RoleName, call, state);
    return { InstanceProfiles: [], IsTruncated: false };
  },
};
