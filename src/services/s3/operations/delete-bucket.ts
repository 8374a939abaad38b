import type { DeleteBucketRequest } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { bucketDemand, requireBucket } from '../buckets.ts';
import { bucketNotEmpty } from '../errors.ts';
import type { S3State } from '../state.ts';
import { forgetUploads } from '../uploads.ts';

export const deleteBucket: Operation<S3State, DeleteBucketRequest, Record<string, never>> = {
  name: 'DeleteBucket',
  fields: { Bucket: 'real', ExpectedBucketOwner: 'real' },
  authorize: ({ Bucket }, _call, state) => [bucketDemand('s3:DeleteBucket', Bucket, { state })],
  run(input, _call, state) {
    const { name, versioning } = requireBucket(input, state);
    const { database } = state.store;
    database.transaction(() => {
      const objects = database.get('SELECT 1 FROM objects WHERE bucket = ? LIMIT 1', name);
      const versions = database.get('SELECT 1 FROM noncurrent WHERE bucket = ? LIMIT 1', name);
      const hint = versioning === null ? '' : 'You must delete all versions in the bucket.';
      if (objects || versions) throw bucketNotEmpty(name, hint);
      // Uploads that were never completed go with the bucket, as in AWS.
      forgetUploads(name, state);
      database.run('DELETE FROM buckets WHERE name = ?', name);
    });
    return {};
  },
};
