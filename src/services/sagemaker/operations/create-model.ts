import type { CreateModelInput, CreateModelOutput } from '@aws-sdk/client-sagemaker';
import type { Operation } from '../../operation.ts';
import { passRole } from '../../pass-role.ts';
import type { SageMakerContext } from '../context.ts';
import { createDemands, networkConditions } from '../demands.ts';
import { validation } from '../errors.ts';
import { checkContainers, modelNestedFields } from '../models/container.ts';
import { insertModel, modelArn } from '../models/model.ts';

export const createModel: Operation<SageMakerContext, CreateModelInput, CreateModelOutput> = {
  name: 'CreateModel',
  fields: {
    ModelName: 'real',
    PrimaryContainer: 'real',
    Containers: 'real',
    InferenceExecutionConfig: 'refused',
    ExecutionRoleArn: 'real',
    Tags: 'real',
    VpcConfig: 'stored',
    EnableNetworkIsolation: 'real',
  },
  nestedFields: modelNestedFields,
  authorize({ ModelName: name, ExecutionRoleArn: role, Tags, ...request }, call) {
    const context = networkConditions(request);
    const create = createDemands('sagemaker:CreateModel', modelArn({ ...call, name }), { tags: Tags, context });
    return role === undefined ? create : [...create, passRole(role, 'sagemaker.amazonaws.com')];
  },
  run({ Tags: tags, ...request }, call, { database }) {
    checkContainers(request);
    if (request.ExecutionRoleArn === undefined) {
      throw validation('ExecutionRoleArn must be specified: with this role the archive of the model is read.');
    }
    return { ModelArn: insertModel(request, { place: call, now: call.now, tags }, database) };
  },
};
