import type { DeleteObjectOutput, DeleteObjectRequest } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { requireBucket } from '../buckets.ts';
import { checkDeleteCondition } from '../conditions.ts';
import { writeDemand } from '../demands.ts';
import { objectFields } from '../fields.ts';
import { checkKey, currentVersion } from '../objects.ts';
import type { S3State } from '../state.ts';
import { deleteCurrent, deleteVersion } from '../versions.ts';

export const deleteObject: Operation<S3State, DeleteObjectRequest, DeleteObjectOutput> = {
  name: 'DeleteObject',
  fields: {
    ...objectFields,
    VersionId: 'real',
    IfMatch: 'real',
    // Of directory buckets.
    IfMatchLastModifiedTime: 'refused',
    IfMatchSize: 'refused',
    MFA: 'refused',
    BypassGovernanceRetention: [false],
  },
  authorize(input, _call, state) {
    const action = input.VersionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
    return [writeDemand(action, input, { state })];
  },
  async run(input, _call, state) {
    const { Key: key, VersionId: version, IfMatch: condition } = input;
    checkKey(key);
    const { isMarker, version: gone } = await state.store.database.commit(() => {
      const bucket = requireBucket(input, state);
      if (version !== undefined) return deleteVersion(bucket, { key, version }, state);
      if (condition !== undefined) {
        checkDeleteCondition(condition, key, currentVersion(bucket.name, key, state));
      }
      return deleteCurrent(bucket, key, state);
    });
    return { ...(isMarker && { DeleteMarker: true }), ...(gone !== undefined && { VersionId: gone }) };
  },
};
