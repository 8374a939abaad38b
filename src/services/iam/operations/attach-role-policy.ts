import type { AttachRolePolicyRequest } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { attach, attachedTo, isAttached } from '../attachments.ts';
import { roleDemand } from '../demands.ts';
import { notAttachable, policyNotAttachable, quotaExceeded } from '../errors.ts';
import { findPolicy } from '../policies.ts';
import { requireOwnRole } from '../roles.ts';
import { isServiceLinked } from '../service-linked.ts';
import type { IamState } from '../state.ts';

/** A quota that AWS raises to 25 on request. */
const policiesPerRole = 10;

export const attachRolePolicy: Operation<IamState, AttachRolePolicyRequest, void> = {
  name: 'AttachRolePolicy',
  fields: { RoleName: 'real', PolicyArn: 'real' },
  authorize: ({ RoleName, PolicyArn }, call, state) => [
    roleDemand('iam:AttachRolePolicy', RoleName, { call, state, context: { 'iam:PolicyARN': PolicyArn } }),
  ],
  run({ RoleName, PolicyArn }, call, state) {
    const role = requireOwnRole(RoleName, call, state);
    const policy = findPolicy(PolicyArn, call.account, state);
    if (policy === undefined) throw notAttachable(PolicyArn);
    if (policy.managedBy === 'aws' && isServiceLinked(policy)) throw policyNotAttachable();
    if (isAttached(policy.arn, role, state)) return;
    if (attachedTo(role, state).length >= policiesPerRole) throw quotaExceeded('PoliciesPerRole', policiesPerRole);
    attach(policy.arn, role, state);
  },
};
