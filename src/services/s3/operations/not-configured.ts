/**
 * What Terraform and the consoles ask of every bucket, answered as AWS answers for one where nothing was set up. Several operations in
 * one file, since they differ in a name and a fault. Setting any of these is refused: the operations are not served.
 */
import type {
  GetBucketCorsOutput,
  GetBucketEncryptionOutput,
  GetBucketLifecycleConfigurationOutput,
  GetBucketLoggingOutput,
  GetBucketOwnershipControlsOutput,
  GetBucketReplicationOutput,
  GetBucketRequestPaymentOutput,
  GetBucketWebsiteOutput,
  GetObjectLockConfigurationOutput,
  GetPublicAccessBlockOutput,
  NotificationConfiguration,
} from '@aws-sdk/client-s3';
import { AwsFault } from '../../../wire/index.ts';
import { bucketRead } from '../bucket-read.ts';
import type { Bucket } from '../buckets.ts';

/** A 404 of its own for each configuration, with the bucket's name. */
function absent(code: string, message: string): (bucket: Bucket) => never {
  return ({ name }) => {
    throw new AwsFault({ code, status: 404, message, fields: { BucketName: name } });
  };
}

export const getBucketCors = bucketRead<GetBucketCorsOutput>({
  name: 'GetBucketCors',
  action: 's3:GetBucketCORS',
  answer: absent('NoSuchCORSConfiguration', 'The CORS configuration does not exist'),
});

export const getBucketLifecycleConfiguration = bucketRead<GetBucketLifecycleConfigurationOutput>({
  name: 'GetBucketLifecycleConfiguration',
  action: 's3:GetLifecycleConfiguration',
  answer: absent('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'),
});

export const getBucketReplication = bucketRead<GetBucketReplicationOutput>({
  name: 'GetBucketReplication',
  action: 's3:GetReplicationConfiguration',
  answer: absent('ReplicationConfigurationNotFoundError', 'The replication configuration was not found'),
});

export const getBucketWebsite = bucketRead<GetBucketWebsiteOutput>({
  name: 'GetBucketWebsite',
  action: 's3:GetBucketWebsite',
  answer: absent('NoSuchWebsiteConfiguration', 'The specified bucket does not have a website configuration'),
});

export const getObjectLockConfiguration = bucketRead<GetObjectLockConfigurationOutput>({
  name: 'GetObjectLockConfiguration',
  action: 's3:GetBucketObjectLockConfiguration',
  answer: absent('ObjectLockConfigurationNotFoundError', 'Object Lock configuration does not exist for this bucket'),
});

/** AWS blocks public access of every new bucket. Here a bucket policy decides alone, so there is no block to tell of. */
export const getPublicAccessBlock = bucketRead<GetPublicAccessBlockOutput>({
  name: 'GetPublicAccessBlock',
  action: 's3:GetBucketPublicAccessBlock',
  answer: absent('NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found'),
});

/** Since January 2023 every bucket has this rule. */
export const getBucketEncryption = bucketRead<GetBucketEncryptionOutput>({
  name: 'GetBucketEncryption',
  action: 's3:GetEncryptionConfiguration',
  answer: () => ({
    ServerSideEncryptionConfiguration: {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
    },
  }),
});

/** Since April 2023 every new bucket has its ACLs disabled. */
export const getBucketOwnershipControls = bucketRead<GetBucketOwnershipControlsOutput>({
  name: 'GetBucketOwnershipControls',
  action: 's3:GetBucketOwnershipControls',
  answer: () => ({ OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } }),
});

export const getBucketRequestPayment = bucketRead<GetBucketRequestPaymentOutput>({
  name: 'GetBucketRequestPayment',
  action: 's3:GetBucketRequestPayment',
  answer: () => ({ Payer: 'BucketOwner' }),
});

/** These three answer with an empty document. */
export const getBucketLogging = bucketRead<GetBucketLoggingOutput>({
  name: 'GetBucketLogging',
  action: 's3:GetBucketLogging',
  answer: () => ({}),
});

export const getBucketNotificationConfiguration = bucketRead<NotificationConfiguration>({
  name: 'GetBucketNotificationConfiguration',
  action: 's3:GetBucketNotification',
  answer: () => ({}),
});
