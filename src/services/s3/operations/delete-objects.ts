import type {
  DeletedObject,
  DeleteObjectsOutput,
  DeleteObjectsRequest,
  _Error as ObjectError,
  ObjectIdentifier,
} from '@aws-sdk/client-s3';
import { AwsFault } from '../../../wire/index.ts';
import type { Call, Operation } from '../../operation.ts';
import { type Bucket, requireBucket } from '../buckets.ts';
import { checkDeleteCondition } from '../conditions.ts';
import { writeDemand } from '../demands.ts';
import { requireDocumentDigest } from '../document-integrity.ts';
import { accessDenied, invalidRequest, malformedXml } from '../errors.ts';
import { checkKey, currentVersion } from '../objects.ts';
import type { S3State } from '../state.ts';
import { type Deleted, deleteCurrent, deleteVersion } from '../versions.ts';

const maximumKeys = 1000;

export const deleteObjects: Operation<S3State, DeleteObjectsRequest, DeleteObjectsOutput> = {
  name: 'DeleteObjects',
  fields: {
    Bucket: 'real',
    Delete: 'real',
    MFA: 'refused',
    RequestPayer: ['requester'],
    BypassGovernanceRetention: [false],
    ExpectedBucketOwner: 'real',
    ChecksumAlgorithm: 'real',
  },
  // Each key is allowed or denied by itself, in the answer.
  authorize: () => [],
  run(input, call, state) {
    requireDocumentDigest(call.headers);
    const { Objects: objects = [], Quiet: quiet = false } = input.Delete;
    if (objects.length === 0 || objects.length > maximumKeys) throw malformedXml();
    const { database } = state.store;
    const deleted: DeletedObject[] = [];
    const errors: ObjectError[] = [];
    // One commit for all, and each a part of it that fails alone.
    database.transaction(() => {
      const bucket = requireBucket(input, state);
      for (const object of objects) {
        try {
          const result = database.transaction(() => deleteOne(object, { bucket, call }, state));
          if (!quiet) deleted.push(described(object, result));
        } catch (error) {
          errors.push(refused(object, error));
        }
      }
    });
    return { Deleted: deleted, Errors: errors };
  },
};

function deleteOne(
  { Key: key = '', VersionId: version, ETag: etag, LastModifiedTime, Size }: ObjectIdentifier,
  { bucket, call }: { bucket: Bucket; call: Call },
  state: S3State,
): Deleted {
  const action = version === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
  const target = { Bucket: bucket.name, Key: key, VersionId: version };
  if (!call.allows(writeDemand(action, target, { state }))) throw accessDenied('Access Denied');
  if (LastModifiedTime !== undefined || Size !== undefined) {
    throw invalidRequest('LastModifiedTime and Size are for directory buckets, which Whippet does not serve.');
  }
  checkKey(key);
  if (version !== undefined) return deleteVersion(bucket, { key, version }, state);
  if (etag !== undefined) checkDeleteCondition(etag, key, currentVersion(bucket.name, key, state));
  return deleteCurrent(bucket, key, state);
}

function described({ Key, VersionId }: ObjectIdentifier, { version, isMarker }: Deleted): DeletedObject {
  return {
    Key,
    ...(VersionId !== undefined && { VersionId }),
    ...(isMarker && { DeleteMarker: true, DeleteMarkerVersionId: version }),
  };
}

/** @throws what is no answer to a client: nothing is deleted then. */
function refused({ Key, VersionId }: ObjectIdentifier, error: unknown): ObjectError {
  if (!(error instanceof AwsFault)) throw error;
  return { Key, ...(VersionId !== undefined && { VersionId }), Code: error.code, Message: error.message };
}
