import type { Call } from '../../operation.ts';
import { validation } from '../errors.ts';
import type { RunnableModel } from '../models/model.ts';
import { parseS3Uri } from '../s3-uri.ts';
import type { RoleObjects, Roles } from '../state.ts';
import { couldNotAssume } from '../training/role.ts';
import { inputChannel } from './check.ts';
import { type TransformRequest, transformJobArn } from './record.ts';

/**
 * As AWS does before it takes a job: whether the model's role can be assumed, and sees something at the input.
 * @throws AwsFault ValidationException in AWS's words.
 */
export async function checkInput(
  request: TransformRequest,
  { model, call, roles }: { readonly model: RunnableModel; readonly call: Call; readonly roles: Roles },
): Promise<void> {
  const { account, region } = call;
  const name = request.TransformJobName;
  const options = { sessionName: name, region, sourceArn: transformJobArn({ account, region, name }) };
  const session = await roles.assume(model.roleArn, options);
  if (session === undefined) throw validation(couldNotAssume(model.roleArn));
  const { S3Uri: uri = '', S3DataType } = inputChannel(request).DataSource?.S3DataSource ?? {};
  const { bucket, key } = parseS3Uri(uri, 'TransformInput.DataSource.S3DataSource.S3Uri');
  const look = S3DataType === 'ManifestFile' ? hasObject : hasAny;
  // Whatever S3 says: AWS tells of all of it in the same way.
  if (await look(session.objects, bucket, key).catch(() => false)) return;
  throw validation(
    `No S3 objects found under S3 URL "${uri}" given in input data source. Please ensure that the bucket exists in the selected region (${region}), ` +
      `that objects exist under that S3 prefix, and that the role "${model.roleArn}" has "s3:ListBucket" permissions on bucket "${bucket}".`,
  );
}

async function hasObject(objects: RoleObjects, bucket: string, key: string): Promise<boolean> {
  return (await objects.head(bucket, key)) !== undefined;
}

async function hasAny(objects: RoleObjects, bucket: string, prefix: string): Promise<boolean> {
  for await (const _entry of objects.list(bucket, prefix)) return true;
  return false;
}
