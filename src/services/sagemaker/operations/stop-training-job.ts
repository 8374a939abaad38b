import type { StopTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import type { Operation } from '../../operation.ts';
import { resourceArn } from '../arns.ts';
import type { SageMakerContext } from '../context.ts';
import { resourceDemand } from '../demands.ts';
import { validation } from '../errors.ts';
import { hasEnded } from '../training/record.ts';
import { requireTrainingJob } from '../training/require.ts';

export const stopTrainingJob: Operation<SageMakerContext, StopTrainingJobRequest, object> = {
  name: 'StopTrainingJob',
  fields: { TrainingJobName: 'real' },
  authorize: ({ TrainingJobName }, call, state) => [
    resourceDemand('sagemaker:StopTrainingJob', resourceArn('training-job', TrainingJobName, call), { state }),
  ],
  run({ TrainingJobName }, call, { training, database }) {
    const job = requireTrainingJob(call, TrainingJobName, database);
    if (hasEnded(job)) {
      throw validation(`The request was rejected because the training job is in status ${job.status}.`);
    }
    training.stop(job);
    return {};
  },
};
