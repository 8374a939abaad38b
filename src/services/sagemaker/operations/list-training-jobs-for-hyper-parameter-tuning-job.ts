import type {
  ListTrainingJobsForHyperParameterTuningJobRequest,
  ListTrainingJobsForHyperParameterTuningJobResponse,
} from '@aws-sdk/client-sagemaker';
import type { Operation } from '../../operation.ts';
import { resourceArn } from '../arns.ts';
import type { SageMakerContext } from '../context.ts';
import { resourceDemand } from '../demands.ts';
import { listPage } from '../listing.ts';
import { summariseTrial } from '../tuning/describe.ts';
import { requireTuningJob, tuningRequest } from '../tuning/record.ts';
import { type TrialRow, trialTable } from '../tuning/trials.ts';

const columns = {
  Name: 'name',
  CreationTime: 'created',
  Status: 'status',
  FinalObjectiveMetricValue: 'objective',
} as const;

export const listTrainingJobsForHyperParameterTuningJob: Operation<
  SageMakerContext,
  ListTrainingJobsForHyperParameterTuningJobRequest,
  ListTrainingJobsForHyperParameterTuningJobResponse
> = {
  name: 'ListTrainingJobsForHyperParameterTuningJob',
  fields: {
    HyperParameterTuningJobName: 'real',
    NextToken: 'real',
    MaxResults: 'real',
    StatusEquals: 'real',
    SortBy: 'real',
    SortOrder: 'real',
  },
  authorize: ({ HyperParameterTuningJobName: name }, call, state) => [
    resourceDemand(
      'sagemaker:ListTrainingJobsForHyperParameterTuningJob',
      resourceArn('hyper-parameter-tuning-job', name, call),
      { state },
    ),
  ],
  run(input, call, { database }) {
    const job = requireTuningJob(input.HyperParameterTuningJobName, call, database);
    const request = tuningRequest(job);
    const byObjective = input.SortBy === 'FinalObjectiveMetricValue';
    // Sorted by their objectives, jobs that have none are left out, as on AWS; what a failed one told before it failed is none.
    const sql = byObjective ? `tuning = ? AND objective IS NOT NULL AND status <> 'Failed'` : 'tuning = ?';
    const { rows, nextToken } = listPage<TrialRow>(input, call, {
      ...{ database, table: trialTable, columns, where: { sql, values: [job.id] } },
      // Of equal ones the earliest is BestTrainingJob.
      ...{ sortBy: 'Name', sortOrder: 'Ascending', earliestFirst: byObjective },
    });
    return {
      TrainingJobSummaries: rows.map((trial) => summariseTrial(trial, request)),
      ...(nextToken !== undefined && { NextToken: nextToken }),
    };
  },
};
