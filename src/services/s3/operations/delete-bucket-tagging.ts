import type { DeleteBucketTaggingRequest } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { bucketDemand, requireBucket } from '../buckets.ts';
import type { S3State } from '../state.ts';

/** Removing tags needs the right to put them. */
export const deleteBucketTagging: Operation<S3State, DeleteBucketTaggingRequest, Record<string, never>> = {
  name: 'DeleteBucketTagging',
  fields: { Bucket: 'real', ExpectedBucketOwner: 'real' },
  authorize: ({ Bucket }, _call, state) => [bucketDemand('s3:PutBucketTagging', Bucket, { state })],
  run(input, _call, state) {
    const { name } = requireBucket(input, state);
    state.store.database.run('UPDATE buckets SET tags = NULL WHERE name = ?', name);
    return {};
  },
};
