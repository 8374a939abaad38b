/** What GetObject and HeadObject have in common. */
import type { GetObjectOutput, GetObjectRequest } from '@aws-sdk/client-s3';
import { AwsFault } from '../../wire/index.ts';
import type { Call, Demand, Validated } from '../operation.ts';
import { type Bucket, bucketDemand, requireBucket } from './buckets.ts';
import { readDemand, readDemands } from './demands.ts';
import {
  accessDenied,
  invalidArgument,
  invalidPartNumber,
  invalidRequest,
  noSuchKey,
  noSuchVersion,
} from './errors.ts';
import { returnedHeaders, serverSideEncryption } from './headers.ts';
import { checksumMembers } from './integrity.ts';
import {
  type Checksum,
  currentVersion,
  findVersion,
  hidingMarker,
  isMultipart,
  type ObjectVersion,
} from './objects.ts';
import { type ByteRange, parseRange } from './range.ts';
import type { S3State } from './state.ts';

type ReadInput = Validated<Omit<GetObjectRequest, 'Body'>>;

/** Which object, as most inputs name it. */
export interface ObjectInput {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

export interface Found {
  readonly bucket: Bucket;
  readonly version: ObjectVersion;
}

/** A version is read with a right of its own. */
export function getDemand(input: ObjectInput, state: S3State): Demand {
  return readDemand(input.VersionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion', input, state);
}

/** The same for the current versions of many keys of a bucket. @throws AwsFault NoSuchBucket. */
export function getDemands(bucket: string, keys: readonly string[], state: S3State): Demand[] {
  return readDemands('s3:GetObject', { Bucket: bucket, keys }, state);
}

/** @throws AwsFault NoSuchBucket, NoSuchKey, NoSuchVersion, MethodNotAllowed for a delete marker; AccessDenied to who may not list. */
export function requestedVersion(input: ObjectInput, call: Call, state: S3State): Found {
  const bucket = requireBucket(input, state);
  const { Key: key, VersionId: id } = input;
  if (id !== undefined) {
    const version = findVersion(bucket.name, { key, version: id }, state);
    if (version === undefined) throw noSuchVersion(key, id);
    if (version.isMarker) throw methodNotAllowed(id, version.modified);
    return { bucket, version };
  }
  const version = currentVersion(bucket.name, key, state);
  if (version) return { bucket, version };
  // To others it makes no difference whether a key is missing or not theirs to read.
  if (!call.allows(bucketDemand('s3:ListBucket', bucket.name, { state }))) throw accessDenied('Access Denied');
  const marker = hidingMarker(bucket.name, key, state)?.version;
  throw noSuchKey(key, marker === undefined ? {} : { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker });
}

function methodNotAllowed(version: string, modified: Date): AwsFault {
  return new AwsFault({
    code: 'MethodNotAllowed',
    status: 405,
    message: 'The specified method is not allowed against this resource.',
    headers: {
      'x-amz-delete-marker': 'true',
      'x-amz-version-id': version,
      'Last-Modified': modified.toUTCString(),
      Allow: 'DELETE',
    },
  });
}

/** Range and part number exclude each other. @throws AwsFault InvalidRange, InvalidPartNumber, InvalidRequest. */
export function requestedRange(
  { Range, PartNumber: number }: Pick<ReadInput, 'Range' | 'PartNumber'>,
  version: ObjectVersion,
): ByteRange | undefined {
  const { parts, size } = version;
  if (number === undefined) return parseRange(Range, size);
  if (Range !== undefined) {
    throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
  }
  const count = isMultipart(version) ? parts.length : 1;
  if (number < 1 || number > count) throw invalidPartNumber(number, count);
  // An empty object has one part of no bytes, which no range can name.
  if (size === 0) return undefined;
  if (count === 1) return { start: 0, end: size };
  const start = parts.slice(0, number - 1).reduce((sum, before) => sum + before.size, 0);
  return { start, end: start + (parts[number - 1]?.size ?? 0) };
}

/** The members of both answers, but the body. */
export function describeObject(
  { bucket, version }: Found,
  { input, call, range }: { input: ReadInput; call: Call; range: ByteRange | undefined },
): Omit<GetObjectOutput, 'Body'> {
  const { PartNumber: part } = input;
  return {
    AcceptRanges: 'bytes',
    LastModified: version.modified,
    ContentLength: range ? range.end - range.start : version.size,
    ETag: `"${version.etag}"`,
    ...returnedHeaders(version.headers),
    ...overrides(input, call),
    ...(Object.keys(version.metadata).length > 0 && { Metadata: { ...version.metadata } }),
    ...(version.tags?.length && { TagCount: version.tags.length }),
    ...(bucket.versioning && { VersionId: version.version }),
    ...(input.ChecksumMode === 'ENABLED' && checksumMembers(checksumOf(version, { range, part }))),
    ...(part !== undefined && isMultipart(version) && { PartsCount: version.parts.length }),
    ...serverSideEncryption,
  };
}

/** A checksum of the whole says nothing of a range; of a composite, each part has its own. */
function checksumOf(
  { checksum, size }: ObjectVersion,
  { range, part }: { range: ByteRange | undefined; part: number | undefined },
): Checksum | undefined {
  const value = part === undefined ? undefined : checksum?.parts?.[part - 1];
  if (checksum && value !== undefined) return { algorithm: checksum.algorithm, type: checksum.type, value };
  const whole = range === undefined || (range.start === 0 && range.end === size);
  return whole ? checksum : undefined;
}

/** @throws AwsFault InvalidRequest: who is anonymous may not choose the headers of an answer; InvalidArgument. */
function overrides(input: ReadInput, { principal }: Call): Partial<GetObjectOutput> {
  const chosen = {
    CacheControl: input.ResponseCacheControl,
    ContentDisposition: input.ResponseContentDisposition,
    ContentEncoding: input.ResponseContentEncoding,
    ContentLanguage: input.ResponseContentLanguage,
    ContentType: input.ResponseContentType,
    Expires: input.ResponseExpires,
  };
  const set = Object.entries(chosen).filter(([, value]) => value !== undefined);
  if (set.length > 0 && principal.kind === 'anonymous') {
    throw invalidRequest('Request specific response headers cannot be used for anonymous GET requests.');
  }
  for (const [, value] of set) {
    if (typeof value === 'string' && !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw invalidArgument('Header value cannot be represented using ISO-8859-1.', 'response-header', value);
    }
  }
  return Object.fromEntries(set);
}
