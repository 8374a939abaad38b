import type { StopHyperParameterTuningJobRequest } from '@aws-sdk/client-sagemaker';
import type { Operation } from '../../operation.ts';
import { resourceArn } from '../arns.ts';
import type { SageMakerContext } from '../context.ts';
import { resourceDemand } from '../demands.ts';
import { validation } from '../errors.ts';
import { requireTuningJob, tuningHasEnded } from '../tuning/record.ts';

export const stopHyperParameterTuningJob: Operation<SageMakerContext, StopHyperParameterTuningJobRequest, object> = {
  name: 'StopHyperParameterTuningJob',
  fields: { HyperParameterTuningJobName: 'real' },
  authorize: ({ HyperParameterTuningJobName: name }, call, state) => [
    resourceDemand('sagemaker:StopHyperParameterTuningJob', resourceArn('hyper-parameter-tuning-job', name, call), {
      state,
    }),
  ],
  run({ HyperParameterTuningJobName: name }, call, { tuning, database }) {
    const job = requireTuningJob(name, call, database);
    if (tuningHasEnded(job)) {
      throw validation(`The request was rejected because the hyperparameter tuning job is in status ${job.status}.`);
    }
    if (job.status !== 'Stopping') tuning.stop(job);
    return {};
  },
};
