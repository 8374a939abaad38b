import type { Channel, CreateTrainingJobRequest, MetricDefinition } from '@aws-sdk/client-sagemaker';
import { samplingIntervals } from '../../../rules/index.ts';
import type { Validated } from '../../operation.ts';
import { limitExceeded, validation } from '../errors.ts';
import { requireWhippetImage } from '../image.ts';
import { refuseNested } from '../nested-fields.ts';
import { parseS3Uri } from '../s3-uri.ts';
import { trainingNestedFields } from './fields.ts';
import type { TrainingRequest } from './record.ts';
import { checkRules } from './rules.ts';

/** 28 days. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StoppingCondition.html */
const mostRuntimeSeconds = 28 * 86_400;

/** More instances than a machine has use for; AWS's quota for most types is lower still. */
const mostInstances = 20;

/**
 * What the models do not say of CreateTrainingJob. Ranges of hyperparameters are the container's: it fails the job with a reason.
 * @param operation Whose request it is part of: a tuning job's definition of its training jobs is checked too.
 * @returns the request without its tags.
 * @throws AwsFault ValidationException, ResourceLimitExceeded, or 501 for what is not served.
 */
export function checkTrainingRequest(
  { Tags: _, ...request }: Validated<CreateTrainingJobRequest>,
  operation = 'CreateTrainingJob',
): TrainingRequest {
  refuseNested(request, trainingNestedFields, operation);
  const { TrainingImage, MetricDefinitions = [] } = request.AlgorithmSpecification ?? {};
  if (TrainingImage === undefined) throw validation('AlgorithmSpecification.TrainingImage is required.');
  requireWhippetImage(TrainingImage, 'AlgorithmSpecification.TrainingImage');
  checkMetrics(MetricDefinitions);
  checkResources(request);
  checkRuntime(request);
  checkChannels(request.InputDataConfig ?? []);
  parseS3Uri(request.OutputDataConfig.S3OutputPath ?? '', 'OutputDataConfig.S3OutputPath');
  for (const member of ['CheckpointConfig', 'DebugHookConfig', 'ProfilerConfig'] as const) {
    const config = request[member];
    const uri =
      config && ('S3Uri' in config ? config.S3Uri : 'S3OutputPath' in config ? config.S3OutputPath : undefined);
    if (uri !== undefined) parseS3Uri(uri, `${member}.${member === 'CheckpointConfig' ? 'S3Uri' : 'S3OutputPath'}`);
  }
  checkInterval(request);
  checkRules(request);
  return request;
}

function checkResources({ ResourceConfig }: TrainingRequest): void {
  if (ResourceConfig === undefined) throw validation('ResourceConfig is required.');
  const { InstanceType, InstanceCount } = ResourceConfig;
  if (InstanceType === undefined) throw validation('ResourceConfig.InstanceType is required.');
  if (InstanceCount === undefined || InstanceCount < 1) {
    throw validation(`ResourceConfig.InstanceCount must be at least 1, but is ${InstanceCount ?? 'missing'}.`);
  }
  if (InstanceCount > mostInstances) {
    const figures = { limit: mostInstances, asked: InstanceCount, unit: 'Instances' };
    throw limitExceeded('Maximum number of instances per training job', figures);
  }
}

function checkRuntime({ StoppingCondition }: TrainingRequest): void {
  const { MaxRuntimeInSeconds: seconds = 0 } = StoppingCondition ?? {};
  if (seconds <= mostRuntimeSeconds) return;
  throw validation(
    `StoppingCondition.MaxRuntimeInSeconds must be at most ${mostRuntimeSeconds} (28 days), but is ${seconds}.`,
  );
}

function checkChannels(channels: readonly Channel[]): void {
  const names = new Set<string>();
  for (const { ChannelName = '', DataSource } of channels) {
    if (/^\.+$/.test(ChannelName))
      throw validation(`"${ChannelName}" is no name for a channel: it would name a folder above.`);
    if (names.has(ChannelName)) throw validation(`Duplicate channel name: "${ChannelName}".`);
    names.add(ChannelName);
    const source = DataSource?.S3DataSource;
    if (source === undefined) throw validation(`Channel "${ChannelName}" needs DataSource.S3DataSource.`);
    parseS3Uri(source.S3Uri ?? '', `S3Uri of channel "${ChannelName}"`);
  }
}

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProfilerConfig.html */
function checkInterval({ ProfilerConfig }: TrainingRequest): void {
  const { ProfilingIntervalInMilliseconds: interval } = ProfilerConfig ?? {};
  if (interval === undefined || samplingIntervals.includes(interval)) return;
  throw validation(
    `ProfilerConfig.ProfilingIntervalInMilliseconds must be one of ${samplingIntervals.join(', ')}, but is ${interval}.`,
  );
}

function checkMetrics(definitions: readonly MetricDefinition[]): void {
  const names = new Set<string>();
  for (const { Name = '', Regex = '' } of definitions) {
    if (names.has(Name)) throw validation(`Duplicate metric name: "${Name}".`);
    names.add(Name);
    if (repetitions(Regex) > mostRepetitions) {
      throw validation(`The regular expression of metric "${Name}" repeats its parts too often: ${Regex}`);
    }
    const groups = capturingGroups(Regex);
    if (groups === undefined) throw validation(`The regular expression of metric "${Name}" is not valid: ${Regex}`);
    if (groups === 0) {
      throw validation(`The regular expression of metric "${Name}" must capture the value in a group: ${Regex}`);
    }
  }
}

/** An expression is written out before it is searched for, and nothing can interrupt that: a million times takes a tenth of a second. */
const mostRepetitions = 100_000;

/** How often counted repetitions could repeat something, were they all within each other. */
function repetitions(regex: string): number {
  const counts = [...regex.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].map(([, least, most]) => Number(most || least));
  return counts.reduce((product, count) => product * Math.max(1, count), 1);
}

/** @returns undefined for what is no regular expression. */
function capturingGroups(regex: string): number | undefined {
  try {
    return (new RegExp(`${regex}|`).exec('')?.length ?? 1) - 1;
  } catch {
    return undefined;
  }
}
