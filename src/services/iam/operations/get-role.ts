import type { GetRoleRequest, GetRoleResponse } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { roleDemand } from '../demands.ts';
import { wireFullRole } from '../role-wire.ts';
import { requireRole } from '../roles.ts';
import type { IamState } from '../state.ts';

export const getRole: Operation<IamState, GetRoleRequest, GetRoleResponse> = {
  name: 'GetRole',
  fields: { RoleName: 'real' },
  authorize: ({ RoleName }, call, state) => [roleDemand('iam:GetRole', RoleName, { call, state })],
  run: ({ RoleName }, call, state) => ({ Role: wireFullRole(requireRole(RoleName, call, state)) }),
};
