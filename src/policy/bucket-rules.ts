/** What S3 demands of the policy of a bucket: https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html */
import { compileGlob } from './glob.ts';
import { wildcardsOf } from './pattern.ts';
import { actionsOf, resourcesOf, type ShapedStatement } from './shape.ts';

export function bucketMistake(statement: ShapedStatement, attachedTo: string | undefined): string | undefined {
  const actions = actionsOf(statement);
  const resources = resourcesOf(statement);
  if (resources.length === 0) return 'Missing required field Resource';
  if (!actions.every((action) => action === '*' || /^s3:[\w*?-]+$/i.test(action))) return 'Policy has invalid action';
  if (!resources.every((resource) => isOfBucket(resource, attachedTo))) return 'Policy has invalid resource';
  if (statement.action && statement.resource && !actions.every((action) => hasObject(action, resources))) {
    return 'Action does not apply to any resource(s) in statement';
  }
  return undefined;
}

/** `attachedTo` itself, or something in it. */
function isOfBucket(resource: string, attachedTo: string | undefined): boolean {
  if (resource === '*') return true;
  const bucket = /^(arn:aws[a-z-]*:s3:::[^/]+)/.exec(resource)?.[1];
  if (bucket === undefined) return false;
  return attachedTo === undefined || bucket.includes('$') || compileGlob(wildcardsOf(bucket))(attachedTo);
}

/** Actions on objects need a resource in the bucket, actions on buckets the bucket itself. Wildcards may mean both. */
function hasObject(action: string, resources: readonly string[]): boolean {
  if (/[*?]/.test(action)) return true;
  const onObject = isOnObject(action.slice('s3:'.length));
  return resources.some((resource) => (onObject ? /[/*?$]/.test(resource) : !resource.includes('/')));
}

function isOnObject(name: string): boolean {
  if (/bucket/i.test(name)) return false;
  return /object|^(AbortMultipartUpload|ListMultipartUploadParts|BypassGovernanceRetention|InitiateReplication)$|^Replicate/i.test(
    name,
  );
}
