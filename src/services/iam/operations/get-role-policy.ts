import type { GetRolePolicyRequest, GetRolePolicyResponse } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { roleDemand } from '../demands.ts';
import { encodeDocument } from '../documents.ts';
import { requireInlinePolicy } from '../inline-policies.ts';
import { requireRole } from '../roles.ts';
import type { IamState } from '../state.ts';

export const getRolePolicy: Operation<IamState, GetRolePolicyRequest, GetRolePolicyResponse> = {
  name: 'GetRolePolicy',
  fields: { RoleName: 'real', PolicyName: 'real' },
  authorize: ({ RoleName }, call, state) => [roleDemand('iam:GetRolePolicy', RoleName, { call, state })],
  run({ RoleName, PolicyName }, call, state) {
    const role = requireRole(RoleName, call, state);
    const { name, document } = requireInlinePolicy(PolicyName, role, state);
    return { RoleName: role.name, PolicyName: name, PolicyDocument: encodeDocument(document) };
  },
};
