import type {
  CreateHyperParameterTuningJobRequest,
  CreateHyperParameterTuningJobResponse,
} from '@aws-sdk/client-sagemaker';
import type { Operation } from '../../operation.ts';
import { passRole } from '../../pass-role.ts';
import type { AuthorizationContext } from '../../principal.ts';
import { resourceArn } from '../arns.ts';
import type { SageMakerContext } from '../context.ts';
import { createDemands, networkConditions } from '../demands.ts';
import { requireRoom } from '../open-jobs.ts';
import { requireRole } from '../training/role.ts';
import { checkTuningRequest } from '../tuning/check.ts';
import { possibleTrialName } from '../tuning/definition.ts';
import { tuningFields, tuningNestedFields } from '../tuning/fields.ts';
import { type TuningRequest, tuningJobArn } from '../tuning/record.ts';

export const createHyperParameterTuningJob: Operation<
  SageMakerContext,
  CreateHyperParameterTuningJobRequest,
  CreateHyperParameterTuningJobResponse
> = {
  name: 'CreateHyperParameterTuningJob',
  fields: tuningFields,
  nestedFields: tuningNestedFields,
  authorize(input, call) {
    const arn = resourceArn('hyper-parameter-tuning-job', input.HyperParameterTuningJobName, call);
    const context = conditions(input);
    const create = createDemands('sagemaker:CreateHyperParameterTuningJob', arn, { tags: input.Tags, context });
    const role = input.TrainingJobDefinition?.RoleArn;
    return role === undefined ? create : [...create, passRole(role, 'sagemaker.amazonaws.com')];
  },
  async run({ Tags: tags, ...request }, call, { tuning, roles, database }) {
    checkTuningRequest(request);
    const job = { ...call, name: request.HyperParameterTuningJobName };
    const trial = { ...call, name: possibleTrialName(job.name) };
    await requireRole({ roleArn: request.TrainingJobDefinition?.RoleArn ?? '', job: trial }, { roles });
    requireRoom('tuning_jobs', database);
    tuning.create(request, { place: call, now: call.now, tags });
    return { HyperParameterTuningJobArn: tuningJobArn(job) };
  },
};

/** Condition keys of SageMaker's that policies hold tuning jobs against. */
function conditions({ TrainingJobDefinition: definition }: TuningRequest): AuthorizationContext {
  const type = definition?.ResourceConfig?.InstanceType ?? definition?.HyperParameterTuningResourceConfig?.InstanceType;
  return {
    'sagemaker:InstanceTypes': type === undefined ? undefined : [type],
    'sagemaker:MaxRuntimeInSeconds': definition?.StoppingCondition?.MaxRuntimeInSeconds,
    ...networkConditions(definition ?? {}),
    'sagemaker:InterContainerTrafficEncryption': definition?.EnableInterContainerTrafficEncryption ?? false,
  };
}
