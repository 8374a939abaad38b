import type { DescribeTransformJobRequest, DescribeTransformJobResponse } from '@aws-sdk/client-sagemaker';
import type { Operation } from '../../operation.ts';
import { resourceArn } from '../arns.ts';
import type { SageMakerContext } from '../context.ts';
import { resourceDemand } from '../demands.ts';
import { describeTransformJob as describe } from '../transform/describe.ts';
import { requireTransformJob } from '../transform/record.ts';

export const describeTransformJob: Operation<
  SageMakerContext,
  DescribeTransformJobRequest,
  DescribeTransformJobResponse
> = {
  name: 'DescribeTransformJob',
  fields: { TransformJobName: 'real' },
  authorize: ({ TransformJobName: name }, call, state) => [
    resourceDemand('sagemaker:DescribeTransformJob', resourceArn('transform-job', name, call), { state }),
  ],
  run: ({ TransformJobName: name }, call, { database }) => describe(requireTransformJob(name, call, database)),
};
