import type { GetBucketPolicyStatusOutput } from '@aws-sdk/client-s3';
import { isPublic } from '../bucket-policy.ts';
import { bucketRead } from '../bucket-read.ts';
import { noSuchBucketPolicy } from '../errors.ts';

export const getBucketPolicyStatus = bucketRead<GetBucketPolicyStatusOutput>({
  name: 'GetBucketPolicyStatus',
  action: 's3:GetBucketPolicyStatus',
  answer({ name, policy }) {
    if (policy === null) throw noSuchBucketPolicy(name);
    return { PolicyStatus: { IsPublic: isPublic(policy) } };
  },
});
