import type { PutBucketTaggingRequest } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { bucketDemand, requireBucket } from '../buckets.ts';
import type { S3State } from '../state.ts';
import { checkTags, maximumBucketTags } from '../tagging.ts';

export const putBucketTagging: Operation<S3State, PutBucketTaggingRequest, Record<string, never>> = {
  name: 'PutBucketTagging',
  fields: {
    Bucket: 'real',
    Tagging: 'real',
    ContentMD5: 'real',
    ChecksumAlgorithm: 'real',
    ExpectedBucketOwner: 'real',
  },
  authorize: ({ Bucket }, _call, state) => [bucketDemand('s3:PutBucketTagging', Bucket, { state })],
  run(input, _call, state) {
    const { name } = requireBucket(input, state);
    const pairs = (input.Tagging.TagSet ?? []).map(({ Key = '', Value = '' }) => [Key, Value] as const);
    const tags = checkTags(pairs, maximumBucketTags);
    const stored = tags.length > 0 ? JSON.stringify(tags) : null;
    state.store.database.run('UPDATE buckets SET tags = ? WHERE name = ?', stored, name);
    return {};
  },
  // The model says 200, S3 answers 204.
  status: () => 204,
};
