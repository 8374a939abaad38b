import type { ListRolesRequest, ListRolesResponse } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { pageOf } from '../paging.ts';
import { wireListedRole } from '../role-wire.ts';
import { listRoles as rolesOf } from '../roles.ts';
import type { IamState } from '../state.ts';

export const listRoles: Operation<IamState, ListRolesRequest, ListRolesResponse> = {
  name: 'ListRoles',
  fields: { PathPrefix: 'real', Marker: 'real', MaxItems: 'real' },
  authorize: () => [{ action: 'iam:ListRoles', resource: '*' }],
  run(input, { account }, state) {
    const { PathPrefix = '/' } = input;
    const roles = rolesOf(account, state).filter(({ path }) => path.startsWith(PathPrefix));
    const { items, page } = pageOf(roles, ({ name }) => name, input);
    return { Roles: items.map(wireListedRole), ...page };
  },
};
