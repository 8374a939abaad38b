import type { ContainerDefinition, DescribeModelInput, DescribeModelOutput } from '@aws-sdk/client-sagemaker';
import type { Operation } from '../../operation.ts';
import type { SageMakerContext } from '../context.ts';
import { resourceDemand } from '../demands.ts';
import { modelArn, modelRequest, requireModel } from '../models/model.ts';

export const describeModel: Operation<SageMakerContext, DescribeModelInput, DescribeModelOutput> = {
  name: 'DescribeModel',
  fields: { ModelName: 'real' },
  authorize: ({ ModelName: name }, call, state) => [
    resourceDemand('sagemaker:DescribeModel', modelArn({ ...call, name }), { state }),
  ],
  run({ ModelName: name }, call, { database }) {
    const model = requireModel(name, call, database);
    const { PrimaryContainer, Containers, EnableNetworkIsolation = false, ...request } = modelRequest(model);
    return {
      ...request,
      ModelName: model.name,
      ...(PrimaryContainer && { PrimaryContainer: described(PrimaryContainer) }),
      ...(Containers && { Containers: Containers.map(described) }),
      EnableNetworkIsolation,
      CreationTime: new Date(model.created),
      ModelArn: modelArn(model),
    };
  },
};

/** AWS says which of its defaults a container has. */
function described(container: ContainerDefinition): ContainerDefinition {
  return { Mode: 'SingleModel', Environment: {}, ...container };
}
