import type { DescribeTrainingJobRequest, DescribeTrainingJobResponse } from '@aws-sdk/client-sagemaker';
import type { Operation } from '../../operation.ts';
import { resourceArn } from '../arns.ts';
import type { SageMakerContext } from '../context.ts';
import { resourceDemand } from '../demands.ts';
import { describeTrainingJob as described } from '../training/describe.ts';
import { requireTrainingJob } from '../training/require.ts';

export const describeTrainingJob: Operation<SageMakerContext, DescribeTrainingJobRequest, DescribeTrainingJobResponse> =
  {
    name: 'DescribeTrainingJob',
    fields: { TrainingJobName: 'real' },
    authorize: ({ TrainingJobName }, call, state) => [
      resourceDemand('sagemaker:DescribeTrainingJob', resourceArn('training-job', TrainingJobName, call), { state }),
    ],
    run: ({ TrainingJobName }, call, { database }) =>
      described(requireTrainingJob(call, TrainingJobName, database), database),
  };
