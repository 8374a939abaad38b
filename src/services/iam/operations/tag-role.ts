import type { TagRoleRequest } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { roleDemand } from '../demands.ts';
import { changeRole, requireOwnRole } from '../roles.ts';
import type { IamState } from '../state.ts';
import { readTags, requestTagContext, withTags } from '../tags.ts';

export const tagRole: Operation<IamState, TagRoleRequest, void> = {
  name: 'TagRole',
  fields: { RoleName: 'real', Tags: 'real' },
  authorize: ({ RoleName, Tags }, call, state) => [
    roleDemand('iam:TagRole', RoleName, { call, state, context: requestTagContext(Tags) }),
  ],
  run({ RoleName, Tags }, call, state) {
    const role = requireOwnRole(RoleName, call, state);
    changeRole(role, { tags: withTags(role.tags, readTags(Tags)) }, state);
  },
};
