import type { PutObjectOutput, PutObjectRequest } from '@aws-sdk/client-s3';
import type { Call, Operation, Validated } from '../../operation.ts';
import { type Bucket, objectDemand, requireBucket } from '../buckets.ts';
import { checkWriteConditions } from '../conditions.ts';
import { entityTooLarge, missingContentLength } from '../errors.ts';
import { serverSideEncryption, storedHeaders } from '../headers.ts';
import { checkIntegrity, checksumMembers } from '../integrity.ts';
import { checkMetadata } from '../metadata.ts';
import { checkKey, currentVersion, putVersion } from '../objects.ts';
import type { S3State } from '../state.ts';
import type { WithRequestBody } from '../stream.ts';
import { parseTagging } from '../tagging.ts';

type Input = WithRequestBody<PutObjectRequest>;

/** One PUT takes 5 GB; larger objects are uploaded in parts. */
export const maximumPutBytes = 5 * 1024 ** 3;

export const putObject: Operation<S3State, Input, PutObjectOutput> = {
  name: 'PutObject',
  fields: {
    Bucket: 'real',
    Key: 'real',
    Body: 'real',
    ACL: ['private', 'bucket-owner-full-control'],
    CacheControl: 'stored',
    ContentDisposition: 'stored',
    ContentEncoding: 'stored',
    ContentLanguage: 'stored',
    ContentLength: 'real',
    ContentMD5: 'real',
    ContentType: 'stored',
    ChecksumAlgorithm: 'real',
    ChecksumCRC32: 'real',
    ChecksumCRC32C: 'real',
    ChecksumCRC64NVME: 'real',
    ChecksumSHA1: 'real',
    ChecksumSHA256: 'real',
    ChecksumSHA512: 'refused',
    ChecksumMD5: 'refused',
    ChecksumXXHASH64: 'refused',
    ChecksumXXHASH3: 'refused',
    ChecksumXXHASH128: 'refused',
    Expires: 'stored',
    IfMatch: 'real',
    IfNoneMatch: 'real',
    GrantFullControl: 'refused',
    GrantRead: 'refused',
    GrantReadACP: 'refused',
    GrantWriteACP: 'refused',
    WriteOffsetBytes: 'refused',
    Metadata: 'real',
    ServerSideEncryption: ['AES256'],
    StorageClass: 'stored',
    WebsiteRedirectLocation: 'stored',
    SSECustomerAlgorithm: 'refused',
    SSECustomerKey: 'refused',
    SSECustomerKeyMD5: 'refused',
    SSEKMSKeyId: 'refused',
    SSEKMSEncryptionContext: 'refused',
    BucketKeyEnabled: 'stored',
    RequestPayer: 'stored',
    Tagging: 'real',
    ObjectLockMode: 'refused',
    ObjectLockRetainUntilDate: 'refused',
    ObjectLockLegalHoldStatus: 'refused',
    ObjectLockEventHold: 'refused',
    ObjectLockEventHoldDurationDays: 'refused',
    ObjectLockEventHoldDurationYears: 'refused',
    ExpectedBucketOwner: 'real',
  },
  authorize(input, _call, state) {
    const put = objectDemand('s3:PutObject', input, { state });
    return input.Tagging ? [put, objectDemand('s3:PutObjectTagging', input, { state })] : [put];
  },
  async run(input, call, state) {
    const bucket = requireBucket(input, state);
    checkKey(input.Key);
    checkWriteConditions(input, input.Key, currentVersion(bucket.name, input.Key, state));
    return store(bucket, { input, call }, state);
  },
};

/** The bytes first, then the row that makes them the object: whoever reads sees the old version or the whole new one. */
async function store(
  bucket: Bucket,
  { input, call }: { input: Validated<Input>; call: Call },
  state: S3State,
): Promise<PutObjectOutput> {
  const { Key: key, Body: body } = input;
  if (body?.length === undefined) throw missingContentLength();
  if (body.length > maximumPutBytes) throw entityTooLarge(body.length, maximumPutBytes);
  const tags = parseTagging(input.Tagging);
  const metadata = checkMetadata(input.Metadata);
  const integrity = checkIntegrity(input, call.headers.get('x-amz-trailer'));
  const blob = await state.store.blobs.write(body, { sinks: integrity.sinks });
  try {
    const { md5, checksum } = await integrity.finish(body.trailers);
    const version = state.store.database.transaction(() => {
      checkWriteConditions(input, key, currentVersion(bucket.name, key, state));
      return putVersion(
        // Deleted while the bytes came in?
        requireBucket(input, state),
        {
          key,
          size: blob.size,
          etag: md5.toString('hex'),
          parts: blob.size > 0 ? [{ id: blob.id, size: blob.size }] : [],
          headers: storedHeaders(input, call.headers),
          metadata,
          checksum,
          tags,
        },
        state,
      );
    });
    return {
      ETag: `"${version.etag}"`,
      ...checksumMembers(checksum),
      ...serverSideEncryption,
      ...(bucket.versioning && { VersionId: version.version }),
    };
  } finally {
    blob.release();
  }
}
