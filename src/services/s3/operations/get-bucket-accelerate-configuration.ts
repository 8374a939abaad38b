import type {
  GetBucketAccelerateConfigurationOutput,
  GetBucketAccelerateConfigurationRequest,
} from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { bucketDemand, requireBucket } from '../buckets.ts';
import type { S3State } from '../state.ts';

/** Never accelerated: an empty document. */
export const getBucketAccelerateConfiguration: Operation<
  S3State,
  GetBucketAccelerateConfigurationRequest,
  GetBucketAccelerateConfigurationOutput
> = {
  name: 'GetBucketAccelerateConfiguration',
  fields: { Bucket: 'real', ExpectedBucketOwner: 'real', RequestPayer: ['requester'] },
  authorize: ({ Bucket }, _call, state) => [bucketDemand('s3:GetAccelerateConfiguration', Bucket, { state })],
  run(input, _call, state) {
    requireBucket(input, state);
    return {};
  },
};
