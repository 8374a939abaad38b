import type { GetBucketVersioningOutput } from '@aws-sdk/client-s3';
import { bucketRead } from '../bucket-read.ts';

/** Empty until versioning was set for the first time. */
export const getBucketVersioning = bucketRead<GetBucketVersioningOutput>({
  name: 'GetBucketVersioning',
  action: 's3:GetBucketVersioning',
  answer: ({ versioning }) => (versioning === null ? {} : { Status: versioning }),
});
