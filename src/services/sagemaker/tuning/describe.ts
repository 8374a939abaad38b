import type {
  DescribeHyperParameterTuningJobResponse,
  HyperParameterTrainingJobSummary,
  HyperParameterTuningJobSummary,
  ObjectiveStatusCounters,
  TrainingJobStatusCounters,
} from '@aws-sdk/client-sagemaker';
import type { Database } from '../../../store/index.ts';
import { trainingJobArn } from '../training/record.ts';
import { objectiveParameter } from './definition.ts';
import { planOf } from './plan.ts';
import { type TuningJobRow, type TuningRequest, tuningJobArn, tuningRequest } from './record.ts';
import { historyOf, resultOf, type TrialRow, trialsOf, tunedOf } from './trials.ts';
import { notImproving } from './verdict.ts';
import { winningTrial } from './winner.ts';

/** A job as DescribeHyperParameterTuningJob tells it now. */
export function describeTuningJob(
  job: TuningJobRow,
  { database, now }: { readonly database: Database; readonly now: Date },
): DescribeHyperParameterTuningJobResponse {
  const request = tuningRequest(job);
  const plan = planOf(request);
  const trials = trialsOf(job.id, database);
  const best = winningTrial(trials, plan.objective);
  const history = historyOf(trials, plan.ranges);
  return {
    HyperParameterTuningJobName: job.name,
    HyperParameterTuningJobArn: tuningJobArn(job),
    HyperParameterTuningJobConfig: {
      TrainingJobEarlyStoppingType: 'Off',
      ...request.HyperParameterTuningJobConfig,
    },
    ...(request.TrainingJobDefinition && {
      TrainingJobDefinition: {
        ...request.TrainingJobDefinition,
        StaticHyperParameters: {
          ...request.TrainingJobDefinition.StaticHyperParameters,
          [objectiveParameter]: plan.objective.metric,
        },
      },
    }),
    HyperParameterTuningJobStatus: job.status,
    ...timesOf(job),
    ...countersOf(trials),
    ...(best && { BestTrainingJob: summariseTrial(best, request) }),
    ...(job.failure !== null && { FailureReason: job.failure }),
    TuningJobCompletionDetails: { NumberOfTrainingJobsObjectiveNotImproving: notImproving(history, plan.objective) },
    // Of the clock, not of instances: what ResourceLimits.MaxRuntimeInSeconds is held against.
    ConsumedResources: { RuntimeInSeconds: Math.round(((job.ended ?? now.getTime()) - job.created) / 1000) },
  };
}

export function summariseTuningJob(job: TuningJobRow, database: Database): HyperParameterTuningJobSummary {
  const { HyperParameterTuningJobConfig: config } = tuningRequest(job);
  return {
    HyperParameterTuningJobName: job.name,
    HyperParameterTuningJobArn: tuningJobArn(job),
    HyperParameterTuningJobStatus: job.status,
    Strategy: config.Strategy,
    ...timesOf(job),
    ...countersOf(trialsOf(job.id, database)),
    ...(config.ResourceLimits && { ResourceLimits: config.ResourceLimits }),
  };
}

export function summariseTrial(trial: TrialRow, request: TuningRequest): HyperParameterTrainingJobSummary {
  const { objective } = planOf(request);
  const definition = request.TrainingJobDefinition?.DefinitionName;
  return {
    ...(definition !== undefined && { TrainingJobDefinitionName: definition }),
    TrainingJobName: trial.name,
    TrainingJobArn: trainingJobArn(trial),
    CreationTime: new Date(trial.created),
    ...(trial.started !== null && { TrainingStartTime: new Date(trial.started) }),
    ...(trial.ended !== null && { TrainingEndTime: new Date(trial.ended) }),
    TrainingJobStatus: trial.status,
    TunedHyperParameters: tunedOf(trial),
    ...(trial.failure !== null && { FailureReason: trial.failure }),
    ...(trial.objective !== null && {
      FinalHyperParameterTuningJobObjectiveMetric: {
        Type: objective.direction === 'minimize' ? 'Minimize' : 'Maximize',
        MetricName: objective.metric,
        Value: trial.objective,
      },
    }),
    ObjectiveStatus: objectiveStatus(trial),
  };
}

function timesOf({ created, modified, ended }: TuningJobRow) {
  return {
    CreationTime: new Date(created),
    LastModifiedTime: new Date(modified),
    ...(ended !== null && { HyperParameterTuningEndTime: new Date(ended) }),
  };
}

function objectiveStatus(trial: TrialRow): 'Succeeded' | 'Pending' | 'Failed' {
  return ({ running: 'Pending', finished: 'Succeeded', failed: 'Failed' } as const)[resultOf(trial).state];
}

function countersOf(trials: readonly TrialRow[]): {
  TrainingJobStatusCounters: TrainingJobStatusCounters;
  ObjectiveStatusCounters: ObjectiveStatusCounters;
} {
  const inStatus = (...statuses: readonly string[]): number =>
    trials.filter(({ status }) => statuses.includes(status)).length;
  const objectives = (status: string): number => trials.filter((trial) => objectiveStatus(trial) === status).length;
  return {
    TrainingJobStatusCounters: {
      Completed: inStatus('Completed'),
      InProgress: inStatus('InProgress', 'Stopping'),
      // What is tried again is so within the training job.
      RetryableError: 0,
      NonRetryableError: inStatus('Failed'),
      Stopped: inStatus('Stopped'),
    },
    ObjectiveStatusCounters: {
      Succeeded: objectives('Succeeded'),
      Pending: objectives('Pending'),
      Failed: objectives('Failed'),
    },
  };
}
