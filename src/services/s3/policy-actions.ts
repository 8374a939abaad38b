/**
 * S3's actions by what they are about, for policies that name one together with a resource that it can never concern.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
const ofObjects = [
  ...[
    'AbortMultipartUpload',
    'BypassGovernanceRetention',
    'DeleteObject',
    'DeleteObjectTagging',
    'DeleteObjectVersion',
  ],
  ...['DeleteObjectVersionTagging', 'GetObject', 'GetObjectAcl', 'GetObjectAttributes', 'GetObjectLegalHold'],
  ...['GetObjectRetention', 'GetObjectTagging', 'GetObjectTorrent', 'GetObjectVersion', 'GetObjectVersionAcl'],
  ...['GetObjectVersionAttributes', 'GetObjectVersionForReplication', 'GetObjectVersionTagging'],
  ...['GetObjectVersionTorrent', 'InitiateReplication', 'ListMultipartUploadParts', 'ObjectOwnerOverrideToBucketOwner'],
  ...['PutObject', 'PutObjectAcl', 'PutObjectLegalHold', 'PutObjectRetention', 'PutObjectTagging'],
  ...['PutObjectVersionAcl', 'PutObjectVersionTagging', 'ReplicateDelete', 'ReplicateObject', 'ReplicateTags'],
  ...['RestoreObject', 'UpdateObjectEncryption'],
].map(lowerCase);

const ofBuckets = [
  ...[
    'CreateBucket',
    'CreateBucketMetadataTableConfiguration',
    'DeleteBucket',
    'DeleteBucketMetadataTableConfiguration',
  ],
  ...['DeleteBucketPolicy', 'DeleteBucketWebsite', 'GetAccelerateConfiguration', 'GetAnalyticsConfiguration'],
  ...['GetBucketAbac', 'GetBucketAcl', 'GetBucketCORS', 'GetBucketLocation', 'GetBucketLogging'],
  ...['GetBucketMetadataTableConfiguration', 'GetBucketNotification', 'GetBucketObjectLockConfiguration'],
  ...['GetBucketOwnershipControls', 'GetBucketPolicy', 'GetBucketPolicyStatus', 'GetBucketPublicAccessBlock'],
  ...['GetBucketRequestPayment', 'GetBucketTagging', 'GetBucketVersioning', 'GetBucketWebsite'],
  ...['GetEncryptionConfiguration', 'GetIntelligentTieringConfiguration', 'GetInventoryConfiguration'],
  ...['GetLifecycleConfiguration', 'GetMetricsConfiguration', 'GetReplicationConfiguration', 'ListBucket'],
  ...['ListBucketMultipartUploads', 'ListBucketVersions', 'ListTagsForResource', 'PutAccelerateConfiguration'],
  ...['PutAnalyticsConfiguration', 'PutBucketAbac', 'PutBucketAcl', 'PutBucketCORS', 'PutBucketLogging'],
  ...['PutBucketNotification', 'PutBucketObjectLockConfiguration', 'PutBucketOwnershipControls', 'PutBucketPolicy'],
  ...['PutBucketPublicAccessBlock', 'PutBucketRequestPayment', 'PutBucketTagging', 'PutBucketVersioning'],
  ...['PutBucketWebsite', 'PutEncryptionConfiguration', 'PutIntelligentTieringConfiguration'],
  ...['PutInventoryConfiguration', 'PutLifecycleConfiguration', 'PutMetricsConfiguration'],
  ...['PutReplicationConfiguration', 'TagResource', 'UntagResource'],
].map(lowerCase);

/**
 * Whether an action can concern one of the resources. True for what the list above does not know: AWS adds actions.
 * @param action As a policy has it: `s3:GetObject*`.
 * @param resources ARNs of buckets and objects as a policy has them.
 */
export function canConcern(action: string, resources: readonly string[]): boolean {
  const pattern = lowerCase(action).replace(/^s3:/, '');
  const isMeant = (name: string): boolean => matches(pattern, name);
  const [objects, buckets] = [ofObjects.some(isMeant), ofBuckets.some(isMeant)];
  if (objects === buckets) return true;
  return resources.some(objects ? canBeObject : canBeBucket);
}

/** A wildcard in the bucket's name reaches over the slash. */
function canBeObject(resource: string): boolean {
  return /[/*]/.test(resource);
}

function canBeBucket(resource: string): boolean {
  return !resource.includes('/');
}

/** Goes back to the last star only, so that no pattern takes long. */
function matches(pattern: string, text: string): boolean {
  let [at, from] = [0, 0];
  let star: { readonly at: number; from: number } | undefined;
  while (from < text.length) {
    if (pattern[at] === '*') star = { at: at++, from };
    else if (pattern[at] === '?' || pattern[at] === text[from]) {
      at++;
      from++;
    } else if (star) {
      at = star.at + 1;
      from = ++star.from;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

function lowerCase(text: string): string {
  return text.toLowerCase();
}
