import type { UpdateRoleRequest, UpdateRoleResponse } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { roleDemand } from '../demands.ts';
import { changeRole, requireOwnRole } from '../roles.ts';
import type { IamState } from '../state.ts';

export const updateRole: Operation<IamState, UpdateRoleRequest, UpdateRoleResponse> = {
  name: 'UpdateRole',
  fields: { RoleName: 'real', Description: 'real', MaxSessionDuration: 'real' },
  authorize: ({ RoleName }, call, state) => [roleDemand('iam:UpdateRole', RoleName, { call, state })],
  /** What is left out stays as it is. */
  run({ RoleName, Description, MaxSessionDuration }, call, state) {
    const role = requireOwnRole(RoleName, call, state);
    changeRole(
      role,
      {
        description: Description ?? role.description,
        maxSessionDuration: MaxSessionDuration ?? role.maxSessionDuration,
      },
      state,
    );
    return {};
  },
};
