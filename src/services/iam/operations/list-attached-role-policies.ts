import type { ListAttachedRolePoliciesRequest, ListAttachedRolePoliciesResponse } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { attachedTo } from '../attachments.ts';
import { roleDemand } from '../demands.ts';
import { pageOf } from '../paging.ts';
import { findPolicy } from '../policies.ts';
import { requireRole } from '../roles.ts';
import type { IamState } from '../state.ts';

type Request = ListAttachedRolePoliciesRequest;
type Response = ListAttachedRolePoliciesResponse;

export const listAttachedRolePolicies: Operation<IamState, Request, Response> = {
  name: 'ListAttachedRolePolicies',
  fields: { RoleName: 'real', PathPrefix: 'real', Marker: 'real', MaxItems: 'real' },
  authorize: ({ RoleName }, call, state) => [roleDemand('iam:ListAttachedRolePolicies', RoleName, { call, state })],
  run(input, call, state) {
    const { RoleName, PathPrefix = '/' } = input;
    const policies = attachedTo(requireRole(RoleName, call, state), state)
      .flatMap((arn) => findPolicy(arn, call.account, state) ?? [])
      .filter(({ path }) => path.startsWith(PathPrefix));
    const { items, page } = pageOf(policies, ({ arn }) => arn, input);
    return { AttachedPolicies: items.map(({ name, arn }) => ({ PolicyName: name, PolicyArn: arn })), ...page };
  },
};
