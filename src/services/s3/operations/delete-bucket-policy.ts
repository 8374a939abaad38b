import type { DeleteBucketPolicyRequest } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { bucketDemand, requireBucket } from '../buckets.ts';
import type { S3State } from '../state.ts';

export const deleteBucketPolicy: Operation<S3State, DeleteBucketPolicyRequest, Record<string, never>> = {
  name: 'DeleteBucketPolicy',
  fields: { Bucket: 'real', ExpectedBucketOwner: 'real' },
  authorize: ({ Bucket }, _call, state) => [bucketDemand('s3:DeleteBucketPolicy', Bucket, { state })],
  run(input, _call, state) {
    const { name } = requireBucket(input, state);
    state.store.database.run('UPDATE buckets SET policy = NULL WHERE name = ?', name);
    return {};
  },
};
