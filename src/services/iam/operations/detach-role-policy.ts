import type { DetachRolePolicyRequest } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { detach } from '../attachments.ts';
import { roleDemand } from '../demands.ts';
import { noSuchPolicy } from '../errors.ts';
import { requireOwnRole } from '../roles.ts';
import type { IamState } from '../state.ts';

export const detachRolePolicy: Operation<IamState, DetachRolePolicyRequest, void> = {
  name: 'DetachRolePolicy',
  fields: { RoleName: 'real', PolicyArn: 'real' },
  authorize: ({ RoleName, PolicyArn }, call, state) => [
    roleDemand('iam:DetachRolePolicy', RoleName, { call, state, context: { 'iam:PolicyARN': PolicyArn } }),
  ],
  run({ RoleName, PolicyArn }, call, state) {
    if (!detach(PolicyArn, requireOwnRole(RoleName, call, state), state)) throw noSuchPolicy(PolicyArn);
  },
};
