import type { HeadBucketOutput } from '@aws-sdk/client-s3';
import { bucketRead } from '../bucket-read.ts';

/** Needs the right to list: who may list may know that the bucket is there. */
export const headBucket = bucketRead<HeadBucketOutput>({
  name: 'HeadBucket',
  action: 's3:ListBucket',
  answer: ({ name, region }) => ({ BucketRegion: region, BucketArn: `arn:aws:s3:::${name}`, AccessPointAlias: false }),
});
