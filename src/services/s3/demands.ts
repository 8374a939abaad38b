/** Which rights the operations on objects need, and what policies can make conditions of. */
import type { Demand } from '../operation.ts';
import type { AuthorizationContext } from '../principal.ts';
import { objectDemand, objectDemands } from './buckets.ts';
import type { Tags } from './objects.ts';
import type { S3State } from './state.ts';
import { tagContext } from './tagging.ts';

/** Members that are condition keys. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
const conditionKeys = {
  ACL: 's3:x-amz-acl',
  CopySource: 's3:x-amz-copy-source',
  IfMatch: 's3:if-match',
  IfNoneMatch: 's3:if-none-match',
  MetadataDirective: 's3:x-amz-metadata-directive',
  ServerSideEncryption: 's3:x-amz-server-side-encryption',
  StorageClass: 's3:x-amz-storage-class',
  VersionId: 's3:VersionId',
  WebsiteRedirectLocation: 's3:x-amz-website-redirect-location',
} as const;

type ConditionInput = { readonly [Member in keyof typeof conditionKeys]?: string | undefined } & {
  readonly Bucket: string;
  readonly Key: string;
};

export interface WriteFacts {
  readonly state: S3State;
  readonly tags?: Tags | undefined;
  /**
   * Of s3:PutObject: whether an object comes of it at once, or a part of an upload. Policies that want If-None-Match of every new
   * object ask for it. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
   */
  readonly creates?: boolean;
}

/** The right to do something with an object that the request itself describes. */
export function writeDemand(action: string, input: ConditionInput, { state, tags, creates }: WriteFacts): Demand {
  const creation = creates === undefined ? {} : { 's3:ObjectCreationOperation': creates };
  return objectDemand(action, input, {
    state,
    context: { ...requestContext(input), ...creation, ...tagContext(tags) },
  });
}

/** The right to do something with an object that is there: its tags count. */
export function readDemand(action: string, input: ConditionInput, state: S3State): Demand {
  const context = { ...requestContext(input), ...existingTagContext(existingTags(input, state)) };
  return objectDemand(action, input, { state, context });
}

/** The same for the current versions of many keys, with two questions to the tables. @throws AwsFault NoSuchBucket. */
export function readDemands(
  action: string,
  { Bucket, keys }: { readonly Bucket: string; readonly keys: readonly string[] },
  state: S3State,
): Demand[] {
  const rows = state.store.database.all<{ key: string; tags: string }>(
    'SELECT key, tags FROM objects WHERE bucket = ? AND tags IS NOT NULL AND key IN (SELECT value FROM json_each(?))',
    ...[Bucket, JSON.stringify(keys)],
  );
  const tagged = new Map(rows.map(({ key, tags }) => [key, existingTagContext(JSON.parse(tags))]));
  return objectDemands(action, { Bucket, keys }, { state, contextOf: (key) => tagged.get(key) });
}

function existingTagContext(tags: Tags): AuthorizationContext {
  return Object.fromEntries(tags.map(([key, value]) => [`s3:ExistingObjectTag/${key}`, value]));
}

function requestContext(input: ConditionInput): AuthorizationContext {
  const context: Record<string, string> = {};
  for (const [member, key] of Object.entries(conditionKeys)) {
    const value = input[member as keyof typeof conditionKeys];
    if (value !== undefined) context[key] = value;
  }
  return context;
}

function existingTags({ Bucket, Key, VersionId }: ConditionInput, { store: { database } }: S3State): Tags {
  const row =
    VersionId === undefined
      ? database.get<{ tags: string | null }>('SELECT tags FROM objects WHERE bucket = ? AND key = ?', Bucket, Key)
      : (database.get<{ tags: string | null }>(
          'SELECT tags FROM objects WHERE bucket = ? AND key = ? AND version = ?',
          ...[Bucket, Key, VersionId],
        ) ??
        database.get<{ tags: string | null }>(
          'SELECT tags FROM noncurrent WHERE bucket = ? AND key = ? AND version = ?',
          ...[Bucket, Key, VersionId],
        ));
  return row?.tags ? JSON.parse(row.tags) : [];
}
