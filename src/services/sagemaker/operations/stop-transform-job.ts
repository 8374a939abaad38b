import type { StopTransformJobRequest } from '@aws-sdk/client-sagemaker';
import type { Operation } from '../../operation.ts';
import { resourceArn } from '../arns.ts';
import type { SageMakerContext } from '../context.ts';
import { resourceDemand } from '../demands.ts';
import { validation } from '../errors.ts';
import { requireTransformJob, transformHasEnded } from '../transform/record.ts';

export const stopTransformJob: Operation<SageMakerContext, StopTransformJobRequest, object> = {
  name: 'StopTransformJob',
  fields: { TransformJobName: 'real' },
  authorize: ({ TransformJobName: name }, call, state) => [
    resourceDemand('sagemaker:StopTransformJob', resourceArn('transform-job', name, call), { state }),
  ],
  run({ TransformJobName: name }, call, { transforms, database }) {
    const job = requireTransformJob(name, call, database);
    if (transformHasEnded(job)) {
      throw validation(`The request was rejected because the transform job is in status ${job.status}.`);
    }
    transforms.stop(job);
    return {};
  },
};
