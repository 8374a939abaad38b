import type { ServiceName } from '../schemas.ts';

/**
 * The operations whose constraints are kept, in AWS's names. Another operation is served in three steps: its name here,
 * `npm run constraints`, its file in services/.
 */
export const constrainedOperations = {
  sts: ['GetCallerIdentity', 'AssumeRole', 'GetSessionToken'],
  iam: [
    // Roles.
    ...['CreateRole', 'GetRole', 'UpdateRole', 'ListRoles', 'DeleteRole', 'UpdateAssumeRolePolicy'],
    ...['UpdateRoleDescription', 'CreateServiceLinkedRole', 'TagRole', 'UntagRole', 'ListRoleTags'],
    'ListInstanceProfilesForRole',
    // Their policies.
    ...['PutRolePolicy', 'GetRolePolicy', 'ListRolePolicies', 'DeleteRolePolicy'],
    ...['AttachRolePolicy', 'DetachRolePolicy', 'ListAttachedRolePolicies'],
    ...['CreatePolicy', 'GetPolicy', 'GetPolicyVersion', 'ListPolicies', 'ListPolicyVersions', 'DeletePolicy'],
    'ListEntitiesForPolicy',
  ],
  s3: [
    ...['CreateBucket', 'HeadBucket', 'GetBucketLocation', 'ListBuckets', 'DeleteBucket'],
    ...['PutObject', 'GetObject', 'HeadObject', 'GetObjectAttributes', 'CopyObject', 'DeleteObject', 'DeleteObjects'],
    ...['ListObjects', 'ListObjectsV2', 'ListObjectVersions'],
    ...['CreateMultipartUpload', 'UploadPart', 'UploadPartCopy', 'ListParts', 'ListMultipartUploads'],
    ...['CompleteMultipartUpload', 'AbortMultipartUpload'],
    ...['PutObjectTagging', 'GetObjectTagging', 'DeleteObjectTagging'],
    ...['PutBucketPolicy', 'GetBucketPolicy', 'DeleteBucketPolicy', 'GetBucketPolicyStatus'],
    ...['GetBucketVersioning', 'PutBucketVersioning'],
    ...['GetBucketTagging', 'PutBucketTagging', 'DeleteBucketTagging'],
    // What Terraform and the consoles read of every bucket.
    ...['GetBucketAcl', 'GetObjectAcl', 'GetBucketEncryption', 'GetPublicAccessBlock', 'GetBucketCors'],
    ...['GetBucketLifecycleConfiguration', 'GetBucketLogging', 'GetBucketNotificationConfiguration'],
    ...['GetBucketReplication', 'GetBucketRequestPayment', 'GetBucketWebsite', 'GetBucketAccelerateConfiguration'],
    ...['GetBucketOwnershipControls', 'GetObjectLockConfiguration'],
  ],
  logs: [
    ...['CreateLogGroup', 'DeleteLogGroup', 'DescribeLogGroups', 'PutRetentionPolicy', 'DeleteRetentionPolicy'],
    ...['CreateLogStream', 'DeleteLogStream', 'DescribeLogStreams', 'PutLogEvents', 'GetLogEvents', 'FilterLogEvents'],
    ...['TagResource', 'UntagResource', 'ListTagsForResource'],
  ],
  sagemaker: [
    ...['CreateTrainingJob', 'DescribeTrainingJob', 'ListTrainingJobs', 'StopTrainingJob'],
    ...['CreateHyperParameterTuningJob', 'DescribeHyperParameterTuningJob', 'ListHyperParameterTuningJobs'],
    ...['StopHyperParameterTuningJob', 'ListTrainingJobsForHyperParameterTuningJob'],
    ...['CreateModel', 'DescribeModel', 'ListModels', 'DeleteModel'],
    ...['CreateTransformJob', 'DescribeTransformJob', 'ListTransformJobs', 'StopTransformJob'],
    ...['AddTags', 'ListTags', 'DeleteTags'],
  ],
  cloudwatch: ['PutMetricData', 'GetMetricData', 'GetMetricStatistics', 'ListMetrics'],
} as const satisfies Record<ServiceName, readonly string[]>;

/** Names of the operations of one service: its table has each of them, or does not compile. */
export type ServedOperation<Service extends ServiceName> = (typeof constrainedOperations)[Service][number];
