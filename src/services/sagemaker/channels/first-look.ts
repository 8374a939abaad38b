import type { Channel } from '@aws-sdk/client-sagemaker';
import { validation } from '../errors.ts';
import { parseS3Uri } from '../s3-uri.ts';
import type { RoleObjects } from '../state.ts';
import { noObjects } from './listing.ts';

interface Looking {
  readonly objects: RoleObjects;
  readonly roleArn: string;
  readonly region: string;
}

/**
 * As AWS does before it takes a training or a transform job: whether the role sees something at the input. Whatever S3 says (there is no
 * such bucket, the role may not list it), AWS tells of it in the same way: aws/amazon-sagemaker-examples#2489 and #2414.
 * @throws AwsFault ValidationException in AWS's words.
 */
export async function requireInput(channel: Channel, { objects, ...told }: Looking): Promise<void> {
  const { S3Uri: uri = '', S3DataType: type } = channel.DataSource?.S3DataSource ?? {};
  const { bucket, key } = parseS3Uri(uri, 'S3Uri');
  const look = type === 'ManifestFile' ? hasObject : hasAny;
  if (await look(objects, bucket, key).catch(() => false)) return;
  throw validation(noObjects(uri, told));
}

async function hasObject(objects: RoleObjects, bucket: string, key: string): Promise<boolean> {
  return (await objects.head(bucket, key)) !== undefined;
}

async function hasAny(objects: RoleObjects, bucket: string, prefix: string): Promise<boolean> {
  for await (const _entry of objects.list(bucket, prefix)) return true;
  return false;
}
