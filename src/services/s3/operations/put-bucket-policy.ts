import type { PutBucketPolicyRequest } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { checkBucketPolicy } from '../bucket-policy.ts';
import { bucketDemand, requireBucket } from '../buckets.ts';
import type { S3State } from '../state.ts';

export const putBucketPolicy: Operation<S3State, PutBucketPolicyRequest, Record<string, never>> = {
  name: 'PutBucketPolicy',
  fields: {
    Bucket: 'real',
    Policy: 'real',
    ContentMD5: 'real',
    ChecksumAlgorithm: 'real',
    ConfirmRemoveSelfBucketAccess: 'stored',
    ExpectedBucketOwner: 'real',
  },
  authorize: ({ Bucket }, _call, state) => [bucketDemand('s3:PutBucketPolicy', Bucket, { state })],
  run(input, _call, state) {
    const { name } = requireBucket(input, state);
    const { source } = checkBucketPolicy(input.Policy, name);
    state.store.database.run('UPDATE buckets SET policy = ? WHERE name = ?', source, name);
    return {};
  },
  // The model says 200, S3 answers 204.
  status: () => 204,
};
