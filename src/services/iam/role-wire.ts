import type { Role as WireRole } from '@aws-sdk/client-iam';
import { encodeDocument } from './documents.ts';
import type { Role } from './roles.ts';
import { wireTags } from './tags.ts';

/**
 * What IAM tells of a role depends on who is asked: CreateRole and UpdateRoleDescription leave out the duration of sessions, lists leave
 * out tags, and only GetRole knows when the role was used.
 */
export function wireRole(role: Role): WireRole {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: role.created,
    AssumeRolePolicyDocument: encodeDocument(role.trustPolicy),
  };
}

/** As lists have it. */
export function wireListedRole(role: Role): WireRole {
  return { ...wireRole(role), ...wireDescription(role), MaxSessionDuration: role.maxSessionDuration };
}

/** All there is, for GetRole. */
export function wireFullRole(role: Role): WireRole {
  const { lastUsed, lastUsedRegion } = role;
  return {
    ...wireListedRole(role),
    ...wireRoleTags(role),
    RoleLastUsed: lastUsed && lastUsedRegion ? { LastUsedDate: lastUsed, Region: lastUsedRegion } : {},
  };
}

export function wireDescription({ description }: Role): Pick<WireRole, 'Description'> {
  return description ? { Description: description } : {};
}

export function wireRoleTags({ tags }: Role): Pick<WireRole, 'Tags'> {
  return tags.length > 0 ? { Tags: wireTags(tags) } : {};
}
