import type { GetBucketPolicyOutput } from '@aws-sdk/client-s3';
import { bucketRead } from '../bucket-read.ts';
import { noSuchBucketPolicy } from '../errors.ts';

export const getBucketPolicy = bucketRead<GetBucketPolicyOutput>({
  name: 'GetBucketPolicy',
  action: 's3:GetBucketPolicy',
  answer({ name, policy }) {
    if (policy === null) throw noSuchBucketPolicy(name);
    return { Policy: policy };
  },
});
