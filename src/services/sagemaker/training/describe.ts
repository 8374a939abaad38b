import type {
  Channel,
  DebugRuleEvaluationStatus,
  DescribeTrainingJobResponse,
  SecondaryStatusTransition,
  TrainingJobSummary,
} from '@aws-sdk/client-sagemaker';
import type { Database } from '../../../store/index.ts';
import { resourceArn } from '../arns.ts';
import { ownMetrics } from './metrics.ts';
import { type FinalMetric, requestOf, type TrainingJobRow, type TrainingRequest, trainingJobArn } from './record.ts';
import { defaultStoppingCondition } from './stopping.ts';
import { transitionsOf } from './transitions.ts';

/** A job as DescribeTrainingJob tells it. */
export function describeTrainingJob(job: TrainingJobRow, database: Database): DescribeTrainingJobResponse {
  const { RetryStrategy, SessionChainingConfig: _, ...request } = requestOf(job);
  return {
    ...request,
    TrainingJobArn: trainingJobArn(job),
    ...(job.tuning_job !== null && { TuningJobArn: job.tuning_job }),
    TrainingJobStatus: job.status,
    SecondaryStatus: job.secondary,
    ModelArtifacts: { S3ModelArtifacts: job.artifact ?? '' },
    ...(job.failure !== null && { FailureReason: job.failure }),
    ...(RetryStrategy && { RetryStrategy }),
    AlgorithmSpecification: algorithmOf(request),
    ...(request.InputDataConfig && { InputDataConfig: request.InputDataConfig.map(channelOf) }),
    // Without a key AWS answers with an empty one, and the SageMaker Python SDK's `attach` reads it.
    OutputDataConfig: { KmsKeyId: '', ...request.OutputDataConfig },
    StoppingCondition: { ...defaultStoppingCondition, ...request.StoppingCondition },
    SecondaryStatusTransitions: transitionsOf(job.id, database).map(transition),
    FinalMetricDataList: finalMetrics(job),
    EnableNetworkIsolation: request.EnableNetworkIsolation ?? false,
    EnableInterContainerTrafficEncryption: request.EnableInterContainerTrafficEncryption ?? false,
    EnableManagedSpotTraining: request.EnableManagedSpotTraining ?? false,
    ...timesOf(job),
    ...(request.DebugRuleConfigurations && { DebugRuleEvaluationStatuses: ruleStatuses(job, 'debug', database) }),
    ...(request.ProfilerRuleConfigurations && {
      ProfilerRuleEvaluationStatuses: ruleStatuses(job, 'profiler', database),
    }),
    ProfilingStatus: request.ProfilerConfig && !request.ProfilerConfig.DisableProfiler ? 'Enabled' : 'Disabled',
  };
}

/** With what AWS takes where nothing is said. */
function channelOf(channel: Channel): Channel {
  return { CompressionType: 'None', RecordWrapperType: 'None', ...channel };
}

/** As of a built-in algorithm: where a job defines no metrics, those that are taken are told. */
function algorithmOf({
  AlgorithmSpecification: given,
}: TrainingRequest): DescribeTrainingJobResponse['AlgorithmSpecification'] {
  if (given === undefined || (given.MetricDefinitions?.length ?? 0) > 0) return given;
  return { ...given, MetricDefinitions: [...ownMetrics] };
}

export function summarise(job: TrainingJobRow): TrainingJobSummary {
  return {
    TrainingJobName: job.name,
    TrainingJobArn: trainingJobArn(job),
    CreationTime: new Date(job.created),
    ...(job.ended !== null && { TrainingEndTime: new Date(job.ended) }),
    LastModifiedTime: new Date(job.modified),
    TrainingJobStatus: job.status,
    SecondaryStatus: job.secondary,
  };
}

/**
 * Seconds in whole, as AWS tells them. BillableTimeInSeconds is the time of one instance: AWS multiplies it by InstanceCount on the bill.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html
 */
export function timesOf({ created, modified, started, ended }: TrainingJobRow) {
  const seconds = started !== null && ended !== null ? Math.max(0, Math.round((ended - started) / 1000)) : undefined;
  return {
    CreationTime: new Date(created),
    LastModifiedTime: new Date(modified),
    ...(started !== null && { TrainingStartTime: new Date(started) }),
    ...(ended !== null && { TrainingEndTime: new Date(ended) }),
    ...(seconds !== undefined && { TrainingTimeInSeconds: seconds, BillableTimeInSeconds: seconds }),
  };
}

export function finalMetrics(job: Pick<TrainingJobRow, 'metrics'>) {
  const metrics = JSON.parse(job.metrics) as FinalMetric[];
  return metrics.map(({ name, value, time }) => ({ MetricName: name, Value: value, Timestamp: new Date(time) }));
}

function transition({
  status,
  started,
  ended,
  message,
}: ReturnType<typeof transitionsOf>[number]): SecondaryStatusTransition {
  return {
    Status: status,
    StartTime: new Date(started),
    ...(ended !== null && { EndTime: new Date(ended) }),
    ...(message !== null && { StatusMessage: message }),
  };
}

/** Both kinds of rules have the same members. AWS evaluates them in processing jobs; here the ARN only names the evaluation. */
function ruleStatuses(
  job: TrainingJobRow,
  kind: 'debug' | 'profiler',
  database: Database,
): DebugRuleEvaluationStatus[] {
  const rows = database.all<{ configuration: string; status: string; details: string | null; modified: number }>(
    'SELECT configuration, status, details, modified FROM training_rules WHERE job = ? AND kind = ? ORDER BY position',
    ...[job.id, kind],
  );
  const { account, region } = job;
  return rows.map(({ configuration, status, details, modified }) => ({
    RuleConfigurationName: configuration,
    RuleEvaluationJobArn: resourceArn('training-job', job.name, { account, region })
      .replace('training-job/', 'processing-job/')
      .concat(`-${configuration.toLowerCase().replace(/[^a-z0-9-]+/g, '-')}`),
    RuleEvaluationStatus: status as NonNullable<DebugRuleEvaluationStatus['RuleEvaluationStatus']>,
    ...(details !== null && { StatusDetails: details }),
    LastModifiedTime: new Date(modified),
  }));
}
