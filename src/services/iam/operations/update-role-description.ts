import type { UpdateRoleDescriptionRequest, UpdateRoleDescriptionResponse } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { roleDemand } from '../demands.ts';
import { wireDescription, wireRole } from '../role-wire.ts';
import { changeRole, requireRole } from '../roles.ts';
import type { IamState } from '../state.ts';

/** UpdateRole's predecessor. It may describe service-linked roles too. */
export const updateRoleDescription: Operation<IamState, UpdateRoleDescriptionRequest, UpdateRoleDescriptionResponse> = {
  name: 'UpdateRoleDescription',
  fields: { RoleName: 'real', Description: 'real' },
  authorize: ({ RoleName }, call, state) => [roleDemand('iam:UpdateRoleDescription', RoleName, { call, state })],
  run({ RoleName, Description }, call, state) {
    const changed = changeRole(requireRole(RoleName, call, state), { description: Description }, state);
    return { Role: { ...wireRole(changed), ...wireDescription(changed) } };
  },
};
