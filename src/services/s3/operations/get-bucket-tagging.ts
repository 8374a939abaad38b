import type { GetBucketTaggingOutput } from '@aws-sdk/client-s3';
import { bucketRead } from '../bucket-read.ts';
import { noSuchTagSet } from '../errors.ts';
import type { Tags } from '../objects.ts';

export const getBucketTagging = bucketRead<GetBucketTaggingOutput>({
  name: 'GetBucketTagging',
  action: 's3:GetBucketTagging',
  answer({ name, tags }) {
    if (tags === null) throw noSuchTagSet(name);
    return { TagSet: (JSON.parse(tags) as Tags).map(([Key, Value]) => ({ Key, Value })) };
  },
});
