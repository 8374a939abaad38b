import type { DeleteRolePolicyRequest } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { roleDemand } from '../demands.ts';
import { deleteInlinePolicy, requireInlinePolicy } from '../inline-policies.ts';
import { requireOwnRole } from '../roles.ts';
import type { IamState } from '../state.ts';

export const deleteRolePolicy: Operation<IamState, DeleteRolePolicyRequest, void> = {
  name: 'DeleteRolePolicy',
  fields: { RoleName: 'real', PolicyName: 'real' },
  authorize: ({ RoleName }, call, state) => [roleDemand('iam:DeleteRolePolicy', RoleName, { call, state })],
  run({ RoleName, PolicyName }, call, state) {
    const role = requireOwnRole(RoleName, call, state);
    deleteInlinePolicy(requireInlinePolicy(PolicyName, role, state), role, state);
  },
};
