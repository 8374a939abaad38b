import type {
  DescribeHyperParameterTuningJobRequest,
  DescribeHyperParameterTuningJobResponse,
} from '@aws-sdk/client-sagemaker';
import type { Operation } from '../../operation.ts';
import { resourceArn } from '../arns.ts';
import type { SageMakerContext } from '../context.ts';
import { resourceDemand } from '../demands.ts';
import { describeTuningJob } from '../tuning/describe.ts';
import { requireTuningJob } from '../tuning/record.ts';

export const describeHyperParameterTuningJob: Operation<
  SageMakerContext,
  DescribeHyperParameterTuningJobRequest,
  DescribeHyperParameterTuningJobResponse
> = {
  name: 'DescribeHyperParameterTuningJob',
  fields: { HyperParameterTuningJobName: 'real' },
  authorize: ({ HyperParameterTuningJobName: name }, call, state) => [
    resourceDemand('sagemaker:DescribeHyperParameterTuningJob', resourceArn('hyper-parameter-tuning-job', name, call), {
      state,
    }),
  ],
  run({ HyperParameterTuningJobName: name }, call, { database }) {
    return describeTuningJob(requireTuningJob(name, call, database), { database, now: call.now });
  },
};
