import type { CreateTransformJobRequest, CreateTransformJobResponse } from '@aws-sdk/client-sagemaker';
import type { Operation } from '../../operation.ts';
import { resourceArn } from '../arns.ts';
import type { SageMakerContext } from '../context.ts';
import { createDemands } from '../demands.ts';
import { requireModel, runnable } from '../models/model.ts';
import { requireRoom } from '../open-jobs.ts';
import { checkTransformRequest } from '../transform/check.ts';
import { transformFields, transformNestedFields } from '../transform/fields.ts';
import { checkInput } from '../transform/input.ts';
import { transformJobArn } from '../transform/record.ts';

export const createTransformJob: Operation<SageMakerContext, CreateTransformJobRequest, CreateTransformJobResponse> = {
  name: 'CreateTransformJob',
  fields: transformFields,
  nestedFields: transformNestedFields,
  authorize(input, call) {
    const arn = resourceArn('transform-job', input.TransformJobName, call);
    const { InstanceType: type, VolumeKmsKeyId: key } = input.TransformResources;
    const context = {
      'sagemaker:InstanceTypes': type === undefined ? undefined : [type],
      'sagemaker:ModelArn': resourceArn('model', input.ModelName, call),
      'sagemaker:OutputKmsKey': input.TransformOutput.KmsKeyId,
      'sagemaker:VolumeKmsKey': key,
    };
    return createDemands('sagemaker:CreateTransformJob', arn, { tags: input.Tags, context });
  },
  async run({ Tags: tags, ...request }, call, { transforms, database, roles }) {
    checkTransformRequest(request);
    const model = runnable(requireModel(request.ModelName, call, database));
    await checkInput(request, { model, call, roles });
    requireRoom('transform_jobs', database);
    const job = transforms.create(request, { place: call, now: call.now, model, tags });
    return { TransformJobArn: transformJobArn(job) };
  },
};
