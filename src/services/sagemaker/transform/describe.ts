import type { DescribeTransformJobResponse, TransformJobSummary } from '@aws-sdk/client-sagemaker';
import { type TransformJobRow, transformJobArn, transformRequest } from './record.ts';

/** A job as DescribeTransformJob tells it: with the defaults that AWS fills in. */
export function describeTransformJob(job: TransformJobRow): DescribeTransformJobResponse {
  const { TransformInput, TransformOutput, ...request } = transformRequest(job);
  return {
    ...request,
    TransformInput: { CompressionType: 'None', SplitType: 'None', ...TransformInput },
    TransformOutput: { AssembleWith: 'None', ...TransformOutput },
    TransformJobArn: transformJobArn(job),
    TransformJobStatus: job.status,
    ...(job.failure !== null && { FailureReason: job.failure }),
    CreationTime: new Date(job.created),
    ...(job.started !== null && { TransformStartTime: new Date(job.started) }),
    ...(job.ended !== null && { TransformEndTime: new Date(job.ended) }),
  };
}

export function summariseTransformJob(job: TransformJobRow): TransformJobSummary {
  return {
    TransformJobName: job.name,
    TransformJobArn: transformJobArn(job),
    CreationTime: new Date(job.created),
    ...(job.ended !== null && { TransformEndTime: new Date(job.ended) }),
    LastModifiedTime: new Date(job.modified),
    TransformJobStatus: job.status,
    ...(job.failure !== null && { FailureReason: job.failure }),
  };
}
