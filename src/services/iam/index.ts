/** IAM. What is faithful, missing and different is in `fidelity`; docs/services/iam.md is written from it and from the table. */
import type { ServedOperation } from '../../wire/index.ts';
import type { AnyOperation } from '../operation.ts';
import type { Fidelity, Service } from '../service.ts';
import { deniedInIamsWords } from './denial.ts';
import { attachRolePolicy } from './operations/attach-role-policy.ts';
import { createPolicy } from './operations/create-policy.ts';
import { createRole } from './operations/create-role.ts';
import { createServiceLinkedRole } from './operations/create-service-linked-role.ts';
import { deletePolicy } from './operations/delete-policy.ts';
import { deleteRole } from './operations/delete-role.ts';
import { deleteRolePolicy } from './operations/delete-role-policy.ts';
import { detachRolePolicy } from './operations/detach-role-policy.ts';
import { getPolicy } from './operations/get-policy.ts';
import { getPolicyVersion } from './operations/get-policy-version.ts';
import { getRole } from './operations/get-role.ts';
import { getRolePolicy } from './operations/get-role-policy.ts';
import { listAttachedRolePolicies } from './operations/list-attached-role-policies.ts';
import { listEntitiesForPolicy } from './operations/list-entities-for-policy.ts';
import { listInstanceProfilesForRole } from './operations/list-instance-profiles-for-role.ts';
import { listPolicies } from './operations/list-policies.ts';
import { listPolicyVersions } from './operations/list-policy-versions.ts';
import { listRolePolicies } from './operations/list-role-policies.ts';
import { listRoleTags } from './operations/list-role-tags.ts';
import { listRoles } from './operations/list-roles.ts';
import { putRolePolicy } from './operations/put-role-policy.ts';
import { tagRole } from './operations/tag-role.ts';
import { untagRole } from './operations/untag-role.ts';
import { updateAssumeRolePolicy } from './operations/update-assume-role-policy.ts';
import { updateRole } from './operations/update-role.ts';
import { updateRoleDescription } from './operations/update-role-description.ts';
import type { IamState } from './state.ts';

export { assumableRole, isCurrentRole, markRoleUsed, type NamedDocument, policiesOfRole } from './effective-rights.ts';

export const title = 'IAM';

export const operations = {
  AttachRolePolicy: attachRolePolicy,
  CreatePolicy: createPolicy,
  CreateRole: createRole,
  CreateServiceLinkedRole: createServiceLinkedRole,
  DeletePolicy: deletePolicy,
  DeleteRolePolicy: deleteRolePolicy,
  DeleteRole: deleteRole,
  DetachRolePolicy: detachRolePolicy,
  GetPolicyVersion: getPolicyVersion,
  GetPolicy: getPolicy,
  GetRolePolicy: getRolePolicy,
  GetRole: getRole,
  ListAttachedRolePolicies: listAttachedRolePolicies,
  ListEntitiesForPolicy: listEntitiesForPolicy,
  ListInstanceProfilesForRole: listInstanceProfilesForRole,
  ListPolicies: listPolicies,
  ListPolicyVersions: listPolicyVersions,
  ListRolePolicies: listRolePolicies,
  ListRoleTags: listRoleTags,
  ListRoles: listRoles,
  PutRolePolicy: putRolePolicy,
  TagRole: tagRole,
  UntagRole: untagRole,
  UpdateAssumeRolePolicy: updateAssumeRolePolicy,
  UpdateRoleDescription: updateRoleDescription,
  UpdateRole: updateRole,
} satisfies Record<ServedOperation<'iam'>, AnyOperation<IamState>>;

export const fidelity: Fidelity = {
  faithful: [
    "Policy documents are parsed, refused in IAM's words, kept as they were given and returned URL-encoded.",
    "Trust policies name only roles that exist; inline, managed and trust policies have IAM's quotas of size and number.",
    'Names and tag keys are compared without case; ids are never given twice; lists go in pages.',
    'A role or policy that is still in use is not deleted; service-linked roles are not changed.',
    'Each call needs its right: on the ARN with its path, with iam:PolicyARN, iam:AWSServiceName, request and resource tags as conditions.',
    'A change of rights counts from the next request on.',
  ],
  missing: [
    'Users, groups, access keys, instance profiles, identity providers, MFA, account settings and reports.',
    'Permissions boundaries: setting one is refused.',
    'Further versions of a managed policy: each has its first. Tags of policies can be given at creation only.',
    'aws:PrincipalTag: the tags of a role are no condition keys of what its sessions do.',
    'GetAccountAuthorizationDetails, the policy simulator, service last accessed details.',
    'Deleting service-linked roles.',
  ],
  different: [
    'Of the policies that AWS manages there are those in src/services/iam/aws-managed, each in one version.',
    'Service-linked roles are made for Application Auto Scaling of endpoints and of functions only; others are refused.',
    'Changes are seen at once; in AWS they take seconds to spread.',
    'A trust policy that names a role keeps its ARN when that role is deleted; AWS shows the id of the deleted role.',
    'UpdateRole leaves alone what it is not given.',
  ],
};

export function createIam(state: IamState): Service<IamState> {
  return { operations, state, denied: deniedInIamsWords };
}
