import type { UntagRoleRequest } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { roleDemand } from '../demands.ts';
import { changeRole, requireOwnRole } from '../roles.ts';
import type { IamState } from '../state.ts';
import { withoutTags } from '../tags.ts';

export const untagRole: Operation<IamState, UntagRoleRequest, void> = {
  name: 'UntagRole',
  fields: { RoleName: 'real', TagKeys: 'real' },
  authorize: ({ RoleName, TagKeys }, call, state) => [
    roleDemand('iam:UntagRole', RoleName, { call, state, context: { 'aws:TagKeys': TagKeys } }),
  ],
  run({ RoleName, TagKeys }, call, state) {
    const role = requireOwnRole(RoleName, call, state);
    changeRole(role, { tags: withoutTags(role.tags, TagKeys) }, state);
  },
};
