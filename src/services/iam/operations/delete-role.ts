import type { DeleteRoleRequest } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { attachedTo } from '../attachments.ts';
import { roleDemand } from '../demands.ts';
import { deleteConflict } from '../errors.ts';
import { inlinePolicies } from '../inline-policies.ts';
import { deleteRole as remove, requireOwnRole } from '../roles.ts';
import type { IamState } from '../state.ts';

export const deleteRole: Operation<IamState, DeleteRoleRequest, void> = {
  name: 'DeleteRole',
  fields: { RoleName: 'real' },
  authorize: ({ RoleName }, call, state) => [roleDemand('iam:DeleteRole', RoleName, { call, state })],
  run({ RoleName }, call, state) {
    const role = requireOwnRole(RoleName, call, state);
    if (attachedTo(role, state).length > 0) {
      throw deleteConflict('Cannot delete entity, must detach all policies first.');
    }
    if (inlinePolicies(role, state).length > 0) {
      throw deleteConflict('Cannot delete entity, must delete policies first.');
    }
    remove(role, state);
  },
};
