import type { CreateTrainingJobRequest, CreateTrainingJobResponse } from '@aws-sdk/client-sagemaker';
import type { Operation } from '../../operation.ts';
import { passRole } from '../../pass-role.ts';
import type { AuthorizationContext } from '../../principal.ts';
import { resourceArn } from '../arns.ts';
import { requireInput } from '../channels/first-look.ts';
import type { SageMakerContext } from '../context.ts';
import { createDemands, networkConditions } from '../demands.ts';
import { requireRoom } from '../open-jobs.ts';
import { checkTrainingRequest } from '../training/check.ts';
import { trainingFields, trainingNestedFields } from '../training/fields.ts';
import { type TrainingRequest, trainingJobArn } from '../training/record.ts';
import { requireRole } from '../training/role.ts';

export const createTrainingJob: Operation<SageMakerContext, CreateTrainingJobRequest, CreateTrainingJobResponse> = {
  name: 'CreateTrainingJob',
  fields: trainingFields,
  nestedFields: trainingNestedFields,
  authorize(input, call) {
    const arn = resourceArn('training-job', input.TrainingJobName, call);
    const demands = createDemands('sagemaker:CreateTrainingJob', arn, { tags: input.Tags, context: conditions(input) });
    return [...demands, passRole(input.RoleArn, 'sagemaker.amazonaws.com')];
  },
  async run(input, call, { training, roles, database }) {
    const request = checkTrainingRequest(input);
    const job = { account: call.account, region: call.region, name: request.TrainingJobName };
    const roleArn = request.RoleArn;
    const { objects } = await requireRole({ roleArn, job }, { roles });
    for (const channel of request.InputDataConfig ?? []) {
      await requireInput(channel, { objects, roleArn, region: call.region });
    }
    requireRoom('training_jobs', database);
    return {
      TrainingJobArn: trainingJobArn(training.create(request, { place: call, now: call.now, tags: input.Tags })),
    };
  },
};

/** Condition keys of SageMaker's that policies hold jobs against. */
export function conditions(request: TrainingRequest): AuthorizationContext {
  const { ResourceConfig, StoppingCondition, OutputDataConfig } = request;
  return {
    'sagemaker:InstanceTypes': ResourceConfig?.InstanceType === undefined ? undefined : [ResourceConfig.InstanceType],
    'sagemaker:MaxRuntimeInSeconds': StoppingCondition?.MaxRuntimeInSeconds,
    ...networkConditions(request),
    'sagemaker:InterContainerTrafficEncryption': request.EnableInterContainerTrafficEncryption ?? false,
    'sagemaker:EnableRemoteDebug': request.RemoteDebugConfig?.EnableRemoteDebug,
    'sagemaker:KeepAlivePeriod': ResourceConfig?.KeepAlivePeriodInSeconds,
    'sagemaker:VolumeKmsKey': ResourceConfig?.VolumeKmsKeyId,
    'sagemaker:OutputKmsKey': OutputDataConfig.KmsKeyId,
  };
}
