import type { ListTransformJobsRequest, ListTransformJobsResponse } from '@aws-sdk/client-sagemaker';
import type { Operation } from '../../operation.ts';
import type { SageMakerContext } from '../context.ts';
import { listDemand } from '../demands.ts';
import { listPage } from '../listing.ts';
import { summariseTransformJob } from '../transform/describe.ts';
import type { TransformJobRow } from '../transform/record.ts';

export const listTransformJobs: Operation<SageMakerContext, ListTransformJobsRequest, ListTransformJobsResponse> = {
  name: 'ListTransformJobs',
  fields: {
    CreationTimeAfter: 'real',
    CreationTimeBefore: 'real',
    LastModifiedTimeAfter: 'real',
    LastModifiedTimeBefore: 'real',
    NameContains: 'real',
    StatusEquals: 'real',
    SortBy: 'real',
    SortOrder: 'real',
    NextToken: 'real',
    MaxResults: 'real',
  },
  authorize: () => [listDemand('sagemaker:ListTransformJobs')],
  run(input, call, { database }) {
    const { rows, nextToken } = listPage<TransformJobRow>(input, call, {
      ...{ database, table: 'transform_jobs', columns: { Name: 'name', Status: 'status', CreationTime: 'created' } },
      ...{ sortBy: 'CreationTime', sortOrder: 'Descending' },
    });
    return {
      TransformJobSummaries: rows.map(summariseTransformJob),
      ...(nextToken !== undefined && { NextToken: nextToken }),
    };
  },
};
