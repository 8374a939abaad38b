import type { GetBucketAclOutput } from '@aws-sdk/client-s3';
import { bucketRead } from '../bucket-read.ts';
import { fullControl, ownerOf } from '../owner.ts';

export const getBucketAcl = bucketRead<GetBucketAclOutput>({
  name: 'GetBucketAcl',
  action: 's3:GetBucketAcl',
  answer: ({ account }) => ({ Owner: ownerOf(account), Grants: fullControl(account) }),
});
