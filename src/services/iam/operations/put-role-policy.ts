import type { PutRolePolicyRequest } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { roleDemand } from '../demands.ts';
import { checkDocument } from '../documents.ts';
import { putInlinePolicy } from '../inline-policies.ts';
import { requireOwnRole } from '../roles.ts';
import type { IamState } from '../state.ts';

export const putRolePolicy: Operation<IamState, PutRolePolicyRequest, void> = {
  name: 'PutRolePolicy',
  fields: { RoleName: 'real', PolicyName: 'real', PolicyDocument: 'real' },
  authorize: ({ RoleName }, call, state) => [roleDemand('iam:PutRolePolicy', RoleName, { call, state })],
  run({ RoleName, PolicyName: name, PolicyDocument: document }, call, state) {
    const role = requireOwnRole(RoleName, call, state);
    checkDocument(document, 'identity');
    putInlinePolicy({ name, document }, role, state);
  },
};
