import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AwsFault } from '../../../wire/index.ts';
import type { RunnableModel } from '../models/model.ts';
import { unpackModel } from '../models/unpack-model.ts';
import { parseS3Uri } from '../s3-uri.ts';
import type { RoleSession } from '../state.ts';
import { failed, JobFailure } from '../training/outcome.ts';
import type { TransformLayout } from './layout.ts';

/**
 * Fetches the archive of a model with the model's role, and unpacks it.
 * @throws JobFailure with a reason that the model's owner can act on; the error of the disk.
 */
export async function fetchModel(
  { artifact, roleArn }: RunnableModel,
  {
    session,
    layout,
    region,
    signal,
  }: {
    readonly session: RoleSession;
    readonly layout: TransformLayout;
    readonly region: string;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { bucket, key } = parseS3Uri(artifact, 'ModelDataUrl');
  await mkdir(dirname(layout.archive), { recursive: true, mode: 0o700 });
  for (const left of [layout.archive, layout.model]) await rm(left, { recursive: true, force: true });
  try {
    await session.objects.writeTo(bucket, key, { path: layout.archive, link: true });
  } catch (error) {
    if (error instanceof AwsFault) throw notAccessible(artifact, { roleArn, region, fault: error });
    throw error;
  }
  const problem = await unpackModel(layout.archive, layout.model, { signal });
  await rm(layout.archive, { force: true });
  if (problem === undefined) return;
  throw new JobFailure(failed('ClientError', `The model archive ${artifact} cannot be used: ${problem}.`));
}

/** AWS's words; what S3 said stands behind them. */
function notAccessible(
  artifact: string,
  { roleArn, region, fault }: { readonly roleArn: string; readonly region: string; readonly fault: AwsFault },
): JobFailure {
  return new JobFailure(
    failed(
      'ClientError',
      `Could not access model data at ${artifact}. Please ensure that the role "${roleArn}" exists and that its trust relationship policy ` +
        'allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com". Also ensure that the role has ' +
        `"s3:GetObject" permissions and that the object is located in ${region}. (${fault.code}: ${fault.message})`,
    ),
  );
}
