import type {
  ListHyperParameterTuningJobsRequest,
  ListHyperParameterTuningJobsResponse,
} from '@aws-sdk/client-sagemaker';
import type { Operation } from '../../operation.ts';
import type { SageMakerContext } from '../context.ts';
import { listDemand } from '../demands.ts';
import { listPage } from '../listing.ts';
import { summariseTuningJob } from '../tuning/describe.ts';
import type { TuningJobRow } from '../tuning/record.ts';

export const listHyperParameterTuningJobs: Operation<
  SageMakerContext,
  ListHyperParameterTuningJobsRequest,
  ListHyperParameterTuningJobsResponse
> = {
  name: 'ListHyperParameterTuningJobs',
  fields: {
    NextToken: 'real',
    MaxResults: 'real',
    SortBy: 'real',
    SortOrder: 'real',
    NameContains: 'real',
    CreationTimeAfter: 'real',
    CreationTimeBefore: 'real',
    LastModifiedTimeAfter: 'real',
    LastModifiedTimeBefore: 'real',
    StatusEquals: 'real',
  },
  authorize: () => [listDemand('sagemaker:ListHyperParameterTuningJobs')],
  run(input, call, { database }) {
    const { rows, nextToken } = listPage<TuningJobRow>(input, call, {
      ...{ database, table: 'tuning_jobs', columns: { Name: 'name', Status: 'status', CreationTime: 'created' } },
      // AWS's own default, unlike that of training jobs.
      ...{ sortBy: 'Name', sortOrder: 'Ascending' },
    });
    return {
      HyperParameterTuningJobSummaries: rows.map((job) => summariseTuningJob(job, database)),
      ...(nextToken !== undefined && { NextToken: nextToken }),
    };
  },
};
