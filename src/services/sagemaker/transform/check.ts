import type { Channel } from '@aws-sdk/client-sagemaker';
import { limitExceeded, validation } from '../errors.ts';
import { refuseNested } from '../nested-fields.ts';
import { parseS3Uri } from '../s3-uri.ts';
import { transformNestedFields } from './fields.ts';
import type { TransformRequest } from './record.ts';
import { settingsOf } from './settings.ts';

/** AWS's maximum of TransformResources.InstanceCount. */
const mostInstances = 100;
const mostPayload = 100;

/**
 * What the models do not say of CreateTransformJob.
 * @throws AwsFault ValidationException, ResourceLimitExceeded, or 501 for what is not served.
 */
export function checkTransformRequest(request: TransformRequest): void {
  refuseNested(request, transformNestedFields, 'CreateTransformJob');
  const { instances } = settingsOf(request);
  const { MaxPayloadInMB, MaxConcurrentTransforms } = request;
  if (instances > mostInstances) {
    const figures = { limit: mostInstances, asked: instances, unit: 'Instances' };
    throw limitExceeded('Maximum number of instances per transform job', figures);
  }
  if (MaxPayloadInMB !== undefined && MaxPayloadInMB > mostPayload) {
    throw validation(`MaxPayloadInMB cannot be greater than ${mostPayload} MB, but is ${MaxPayloadInMB}.`);
  }
  if ((MaxPayloadInMB ?? 0) * (MaxConcurrentTransforms ?? 0) > mostPayload) {
    throw validation(
      `MaxConcurrentTransforms * MaxPayloadInMB cannot exceed ${mostPayload} MB, but is ${MaxConcurrentTransforms} * ${MaxPayloadInMB}.`,
    );
  }
  const uri = request.TransformInput.DataSource?.S3DataSource?.S3Uri ?? '';
  parseS3Uri(uri, 'TransformInput.DataSource.S3DataSource.S3Uri');
}

/** The input as a channel: SageMaker finds the objects of both in the same way. */
export function inputChannel({ TransformInput }: TransformRequest): Channel {
  const { S3DataType, S3Uri } = TransformInput.DataSource?.S3DataSource ?? { S3DataType: undefined, S3Uri: undefined };
  return { ChannelName: 'input', DataSource: { S3DataSource: { S3DataType, S3Uri } } };
}
