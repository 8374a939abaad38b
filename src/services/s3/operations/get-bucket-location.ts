import type { BucketLocationConstraint, GetBucketLocationOutput } from '@aws-sdk/client-s3';
import { bucketRead } from '../bucket-read.ts';

/** us-east-1 has no name here: AWS answers with an empty element. */
export const getBucketLocation = bucketRead<GetBucketLocationOutput>({
  name: 'GetBucketLocation',
  action: 's3:GetBucketLocation',
  answer: ({ region }) => (region === 'us-east-1' ? {} : { LocationConstraint: region as BucketLocationConstraint }),
});
