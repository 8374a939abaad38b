import type { CreateTransformJobRequest } from '@aws-sdk/client-sagemaker';
import type { Fields } from '../../operation.ts';
import type { NestedFields } from '../nested-fields.ts';

export const transformFields: Fields<CreateTransformJobRequest> = {
  TransformJobName: 'real',
  ModelName: 'real',
  MaxConcurrentTransforms: 'real',
  ModelClientConfig: 'real',
  MaxPayloadInMB: 'real',
  // An object that is not split is one record, so both say the same.
  BatchStrategy: 'real',
  Environment: 'real',
  TransformInput: 'real',
  TransformOutput: 'real',
  DataCaptureConfig: 'refused',
  TransformResources: 'real',
  DataProcessing: 'refused',
  Tags: 'real',
  ExperimentConfig: 'stored',
};

/** Members of members that are not what their parent is. A picture has no lines or records to be split into. */
export const transformNestedFields: NestedFields = {
  'TransformInput.DataSource.S3DataSource.S3DataType': ['S3Prefix', 'ManifestFile'],
  'TransformInput.CompressionType': ['None'],
  'TransformInput.SplitType': ['None'],
  'TransformOutput.KmsKeyId': 'refused',
  'TransformResources.InstanceType': 'stored',
  'TransformResources.VolumeKmsKeyId': 'refused',
  'TransformResources.TransformAmiVersion': 'stored',
};
