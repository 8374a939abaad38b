import type { ListRoleTagsRequest, ListRoleTagsResponse } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { roleDemand } from '../demands.ts';
import { pageOf } from '../paging.ts';
import { requireRole } from '../roles.ts';
import type { IamState } from '../state.ts';
import { wireTags } from '../tags.ts';

export const listRoleTags: Operation<IamState, ListRoleTagsRequest, ListRoleTagsResponse> = {
  name: 'ListRoleTags',
  fields: { RoleName: 'real', Marker: 'real', MaxItems: 'real' },
  authorize: ({ RoleName }, call, state) => [roleDemand('iam:ListRoleTags', RoleName, { call, state })],
  run(input, call, state) {
    const { items, page } = pageOf(requireRole(input.RoleName, call, state).tags, ([key]) => key, input);
    return { Tags: wireTags(items), ...page };
  },
};
