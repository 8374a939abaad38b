import type { UpdateAssumeRolePolicyRequest } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { roleDemand } from '../demands.ts';
import { changeRole, requireOwnRole } from '../roles.ts';
import type { IamState } from '../state.ts';
import { checkTrustPolicy } from '../trust.ts';

export const updateAssumeRolePolicy: Operation<IamState, UpdateAssumeRolePolicyRequest, void> = {
  name: 'UpdateAssumeRolePolicy',
  fields: { RoleName: 'real', PolicyDocument: 'real' },
  authorize: ({ RoleName }, call, state) => [roleDemand('iam:UpdateAssumeRolePolicy', RoleName, { call, state })],
  run({ RoleName, PolicyDocument }, call, state) {
    const role = requireOwnRole(RoleName, call, state);
    changeRole(role, { trustPolicy: checkTrustPolicy(PolicyDocument, call.account, state) }, state);
  },
};
