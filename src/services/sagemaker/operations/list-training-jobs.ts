import type { ListTrainingJobsRequest, ListTrainingJobsResponse } from '@aws-sdk/client-sagemaker';
import type { Operation } from '../../operation.ts';
import type { SageMakerContext } from '../context.ts';
import { listDemand } from '../demands.ts';
import { listPage } from '../listing.ts';
import { summarise } from '../training/describe.ts';
import type { TrainingJobRow } from '../training/record.ts';

export const listTrainingJobs: Operation<SageMakerContext, ListTrainingJobsRequest, ListTrainingJobsResponse> = {
  name: 'ListTrainingJobs',
  fields: {
    NextToken: 'real',
    MaxResults: 'real',
    CreationTimeAfter: 'real',
    CreationTimeBefore: 'real',
    LastModifiedTimeAfter: 'real',
    LastModifiedTimeBefore: 'real',
    NameContains: 'real',
    StatusEquals: 'real',
    SortBy: 'real',
    SortOrder: 'real',
    WarmPoolStatusEquals: 'refused',
    TrainingPlanArnEquals: 'refused',
  },
  authorize: () => [listDemand('sagemaker:ListTrainingJobs')],
  run(input, call, { database }) {
    const { rows, nextToken } = listPage<TrainingJobRow>(input, call, {
      database,
      table: 'training_jobs',
      columns: { Name: 'name', CreationTime: 'created', Status: 'status' },
      ...{ sortBy: 'CreationTime', sortOrder: 'Ascending' },
    });
    return { TrainingJobSummaries: rows.map(summarise), ...(nextToken !== undefined && { NextToken: nextToken }) };
  },
};
