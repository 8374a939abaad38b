import type { Policy as WirePolicy, PolicyVersion as WireVersion } from '@aws-sdk/client-iam';
import { encodeDocument } from './documents.ts';
import type { ManagedPolicy, PolicyVersion } from './policies.ts';
import { wireTags } from './tags.ts';

/** As lists and CreatePolicy have it: without description and tags. */
export function wirePolicy(policy: ManagedPolicy, attachmentCount: number): WirePolicy {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: attachmentCount,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    CreateDate: policy.created,
    UpdateDate: policy.updated,
  };
}

/** All there is, for GetPolicy. The list of tags is there even when it is empty. */
export function wireFullPolicy(policy: ManagedPolicy, attachmentCount: number): WirePolicy {
  return {
    ...wirePolicy(policy, attachmentCount),
    ...(policy.description && { Description: policy.description }),
    Tags: wireTags(policy.tags),
  };
}

export function wireVersion({ version, created }: PolicyVersion, policy: ManagedPolicy): WireVersion {
  return { VersionId: version, IsDefaultVersion: version === policy.defaultVersion, CreateDate: created };
}

export function wireFullVersion(version: PolicyVersion, policy: ManagedPolicy): WireVersion {
  return { Document: encodeDocument(version.document), ...wireVersion(version, policy) };
}
