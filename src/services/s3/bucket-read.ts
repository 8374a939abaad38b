import type { Operation, Validated } from '../operation.ts';
import { type Bucket, bucketDemand, requireBucket } from './buckets.ts';
import type { S3State } from './state.ts';

/** The input of every read of a bucket's configuration. */
export interface BucketReadInput {
  Bucket: string | undefined;
  ExpectedBucketOwner?: string | undefined;
}

export interface BucketRead<Output> {
  readonly name: string;
  /** IAM's action, which is often named differently: GetBucketEncryption needs s3:GetEncryptionConfiguration. */
  readonly action: string;
  readonly answer: (bucket: Bucket, state: S3State) => Output;
}

/** An operation that reads something of one bucket. */
export function bucketRead<Output>({
  name,
  action,
  answer,
}: BucketRead<Output>): Operation<S3State, BucketReadInput, Output> {
  return {
    name,
    fields: { Bucket: 'real', ExpectedBucketOwner: 'real' },
    authorize: ({ Bucket }: Validated<BucketReadInput>, _call, state) => [bucketDemand(action, Bucket, { state })],
    run: (input, _call, state) => answer(requireBucket(input, state), state),
  };
}
