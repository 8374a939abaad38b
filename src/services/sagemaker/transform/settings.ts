import { parseS3Uri, type S3Location } from '../s3-uri.ts';
import type { TransformRequest } from './record.ts';

/** What a transform job is to do, with AWS's defaults. */
export interface TransformSettings {
  readonly output: S3Location;
  readonly instances: number;
  /** Requests to each instance at a time. */
  readonly concurrent: number;
  /** Bytes of one object; undefined where any will do. */
  readonly maxPayload: number | undefined;
  /** Seconds of one request. */
  readonly timeout: number;
  /** Further attempts of a request that fails. */
  readonly retries: number;
  readonly contentType: string | undefined;
  readonly accept: string | undefined;
  /** Each result ends with a newline. */
  readonly lines: boolean;
  /** As the container's environment tells it. */
  readonly strategy: 'SINGLE_RECORD' | 'MULTI_RECORD';
}

const megabyte = 1024 ** 2;

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTransformJob.html */
export function settingsOf(request: TransformRequest): TransformSettings {
  const { MaxConcurrentTransforms, MaxPayloadInMB = 6, ModelClientConfig = {} } = request;
  const { TransformInput, TransformOutput, TransformResources } = request;
  return {
    output: parseS3Uri(TransformOutput.S3OutputPath ?? '', 'TransformOutput.S3OutputPath'),
    instances: TransformResources.InstanceCount ?? 1,
    concurrent: MaxConcurrentTransforms || 1,
    maxPayload: MaxPayloadInMB === 0 ? undefined : MaxPayloadInMB * megabyte,
    timeout: ModelClientConfig.InvocationsTimeoutInSeconds ?? 600,
    retries: ModelClientConfig.InvocationsMaxRetries ?? 3,
    contentType: TransformInput.ContentType,
    accept: TransformOutput.Accept,
    lines: TransformOutput.AssembleWith === 'Line',
    strategy: request.BatchStrategy === 'SingleRecord' ? 'SINGLE_RECORD' : 'MULTI_RECORD',
  };
}
