/** What GetObject and HeadObject have in common. */
import type { GetObjectOutput, GetObjectRequest } from '@aws-sdk/client-s3';
import { AwsFault } from '../../wire/index.ts';
import type { Call, Demand, Validated } from '../operation.ts';
import { bucketDemand, objectDemand, requireBucket } from './buckets.ts';
import { accessDenied, invalidArgument, invalidPartNumber, noSuchKey, noSuchVersion } from './errors.ts';
import { returnedHeaders, serverSideEncryption } from './headers.ts';
import { checksumMembers } from './integrity.ts';
import { currentVersion, findVersion, newestIsDeleted, type ObjectVersion } from './objects.ts';
import { type ByteRange, parseRange } from './range.ts';
import type { S3State } from './state.ts';

type ReadInput = Validated<Omit<GetObjectRequest, 'Body'>>;

/** A version is read with a right of its own. */
export function readDemand(input: ReadInput, state: S3State): Demand {
  const action = input.VersionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
  return objectDemand(action, input, { state });
}

/** @throws AwsFault NoSuchBucket, NoSuchKey, NoSuchVersion, MethodNotAllowed for a delete marker; AccessDenied to who may not list. */
export function requestedVersion(input: ReadInput, call: Call, state: S3State): ObjectVersion {
  const bucket = requireBucket(input, state);
  const { Key: key, VersionId: version } = input;
  if (version !== undefined) {
    const found = findVersion(bucket.name, { key, version }, state);
    if (found === undefined) throw noSuchVersion(key, version);
    if (found === 'delete-marker') throw methodNotAllowed(version);
    return found;
  }
  const current = currentVersion(bucket.name, key, state);
  if (current) return current;
  // To others it makes no difference whether a key is missing or not theirs to read.
  if (!call.allows(bucketDemand('s3:ListBucket', bucket.name, { state }))) throw accessDenied('Access Denied');
  const marker = newestIsDeleted(bucket.name, key, state);
  throw noSuchKey(key, marker === undefined ? {} : { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker });
}

function methodNotAllowed(version: string): AwsFault {
  return new AwsFault({
    code: 'MethodNotAllowed',
    status: 405,
    message: 'The specified method is not allowed against this resource.',
    headers: { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version, Allow: 'DELETE' },
  });
}

/** Range and part number exclude each other. @throws AwsFault InvalidRange, InvalidPartNumber, InvalidArgument. */
export function requestedRange(
  { Range, PartNumber }: Pick<ReadInput, 'Range' | 'PartNumber'>,
  { parts, size }: ObjectVersion,
): ByteRange | undefined {
  if (PartNumber === undefined) return parseRange(Range, size);
  if (Range !== undefined) {
    throw invalidArgument(
      'Cannot specify both Range header and partNumber query parameter',
      'partNumber',
      String(PartNumber),
    );
  }
  const part = parts[PartNumber - 1];
  if (part === undefined) {
    // An empty object has one part of no bytes.
    if (PartNumber === 1) return undefined;
    throw invalidPartNumber(PartNumber, Math.max(1, parts.length));
  }
  const start = parts.slice(0, PartNumber - 1).reduce((sum, before) => sum + before.size, 0);
  return { start, end: start + part.size };
}

/** The members of both answers, but the body. */
export function describeObject(
  version: ObjectVersion,
  { input, call, range, state }: { input: ReadInput; call: Call; range: ByteRange | undefined; state: S3State },
): Omit<GetObjectOutput, 'Body'> {
  const bucket = requireBucket(input, state);
  const whole = range === undefined || (range.start === 0 && range.end === version.size);
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
    // A checksum of the whole says nothing of a range.
    ...(input.ChecksumMode === 'ENABLED' && whole && checksumMembers(version.checksum)),
    ...(input.PartNumber !== undefined && version.parts.length > 1 && { PartsCount: version.parts.length }),
    ...serverSideEncryption,
  };
}

/** @throws AwsFault InvalidRequest: who is anonymous may not choose the headers of an answer. */
function overrides(input: ReadInput, { principal }: Call): Partial<GetObjectOutput> {
  const chosen = {
    CacheControl: input.ResponseCacheControl,
    ContentDisposition: input.ResponseContentDisposition,
    ContentEncoding: input.ResponseContentEncoding,
    ContentLanguage: input.ResponseContentLanguage,
    ContentType: input.ResponseContentType,
    ExpiresString: input.ResponseExpires?.toUTCString(),
  };
  const set = Object.entries(chosen).filter(([, value]) => value !== undefined);
  if (set.length > 0 && principal.kind === 'anonymous') {
    throw new AwsFault({
      code: 'InvalidRequest',
      status: 400,
      message: 'Request specific response headers cannot be used for anonymous GET requests.',
    });
  }
  return Object.fromEntries(set);
}
