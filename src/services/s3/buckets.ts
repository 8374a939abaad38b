import type { Demand } from '../operation.ts';
import type { AuthorizationContext } from '../principal.ts';
import { accessDenied, invalidBucketName, noSuchBucket } from './errors.ts';
import type { S3State } from './state.ts';

export interface Bucket {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly versioning: 'Enabled' | 'Suspended' | null;
  /** Bucket policy as it was put. */
  readonly policy: string | null;
  /** JSON. */
  readonly tags: string | null;
}

export function findBucket(name: string, { store }: S3State): Bucket | undefined {
  return store.database.get<Bucket>('SELECT * FROM buckets WHERE name = ?', name);
}

/** Every S3 operation on a bucket takes these two. */
export interface BucketInput {
  readonly Bucket: string;
  /** A guard against writing into somebody else's bucket of that name. */
  readonly ExpectedBucketOwner?: string | undefined;
}

/** @throws AwsFault NoSuchBucket, InvalidBucketName, AccessDenied when the owner is another than expected. */
export function requireBucket({ Bucket, ExpectedBucketOwner }: BucketInput, state: S3State): Bucket {
  const bucket = findBucket(Bucket, state);
  if (bucket === undefined) throw couldExist(Bucket) ? noSuchBucket(Bucket) : invalidBucketName(Bucket);
  if (ExpectedBucketOwner !== undefined && ExpectedBucketOwner !== bucket.account) throw accessDenied('Access Denied');
  return bucket;
}

/** Names from before 2018 may be long and have capitals and underscores. */
function couldExist(name: string): boolean {
  return /^[A-Za-z0-9._-]{3,255}$/.test(name);
}

/**
 * 3 to 63 of a-z, 0-9, '-', '.', no IP address, none of AWS's reserved beginnings and ends.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 * @throws AwsFault InvalidBucketName.
 */
export function checkBucketName(name: string): void {
  const shaped = /^[a-z0-9](?:[a-z0-9.-]{1,61})[a-z0-9]$/.test(name);
  const reserved = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name);
  const address = /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
  if (!shaped || reserved || address || name.includes('..')) throw invalidBucketName(name);
}

/**
 * The right to do something to a bucket, by its policy or the caller's. That a bucket does not exist is told to everybody, as AWS does.
 * @throws AwsFault NoSuchBucket.
 */
export function bucketDemand(
  action: string,
  name: string,
  { state, context }: { state: S3State; context?: AuthorizationContext },
): Demand {
  return demandOn(action, `arn:aws:s3:::${name}`, { bucket: requireBucket({ Bucket: name }, state), context });
}

/** The right to list, which policies may bind to a prefix. */
export function listDemand(
  action: 's3:ListBucket' | 's3:ListBucketVersions',
  input: { Bucket: string; Prefix?: string | undefined; Delimiter?: string | undefined; MaxKeys?: number | undefined },
  state: S3State,
): Demand {
  const context = { 's3:prefix': input.Prefix, 's3:delimiter': input.Delimiter, 's3:max-keys': input.MaxKeys };
  return bucketDemand(action, input.Bucket, { state, context });
}

/** The right to do something to an object. @throws AwsFault NoSuchBucket. */
export function objectDemand(
  action: string,
  { Bucket, Key }: { Bucket: string; Key: string },
  { state, context }: { state: S3State; context?: AuthorizationContext },
): Demand {
  return demandOn(action, `arn:aws:s3:::${Bucket}/${Key}`, { bucket: requireBucket({ Bucket }, state), context });
}

/** The same to many objects. @throws AwsFault NoSuchBucket. */
export function objectDemands(
  action: string,
  { Bucket, keys }: { Bucket: string; keys: readonly string[] },
  { state, contextOf }: { state: S3State; contextOf: (key: string) => AuthorizationContext | undefined },
): Demand[] {
  const bucket = requireBucket({ Bucket }, state);
  return keys.map((key) => demandOn(action, `arn:aws:s3:::${Bucket}/${key}`, { bucket, context: contextOf(key) }));
}

function demandOn(
  action: string,
  resource: string,
  { bucket, context }: { bucket: Bucket; context: AuthorizationContext | undefined },
): Demand {
  return {
    action,
    resource,
    ...(context && { context }),
    ...(bucket.policy && { policy: { kind: 'resource', document: bucket.policy, account: bucket.account } }),
  };
}
