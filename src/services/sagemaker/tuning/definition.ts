import type { HyperParameterTrainingJobDefinition, ResourceConfig } from '@aws-sdk/client-sagemaker';
import { below, formatS3Uri, parseS3Uri } from '../s3-uri.ts';
import type { TrainingRequest } from '../training/record.ts';
import { trialMetrics } from './objective.ts';
import { rulesOfTrials } from './rules.ts';

/** SageMaker itself gives this hyperparameter to the jobs of a tuning job; the container knows a trial by it. */
export const objectiveParameter = '_tuning_objective_metric';

/** As AWS names trials: `dogs-001-1a2b3c4d`. */
export function trialName(tuningJob: string, { number, suffix }: { readonly number: number; readonly suffix: string }) {
  return `${tuningJob}-${String(number).padStart(3, '0')}-${suffix}`;
}

/** A name that a trial could have: what is true of this one is true of those that will be. */
export function possibleTrialName(tuningJob: string): string {
  return trialName(tuningJob, { number: 1, suffix: '00000000' });
}

export interface TrialSettings {
  readonly name: string;
  readonly tuned: Readonly<Record<string, string>>;
  /** Name of the objective metric. */
  readonly metric: string;
}

/**
 * One trial as CreateTrainingJob would be asked for it.
 * @throws AwsFault ValidationException for places and rules that make no sense.
 */
export function trialRequest(
  definition: HyperParameterTrainingJobDefinition,
  { name, tuned, metric }: TrialSettings,
): TrainingRequest {
  const { AlgorithmSpecification, RoleArn = '', OutputDataConfig, StaticHyperParameters } = definition;
  const { environment, ...rules } = rulesOfTrials(definition.Environment);
  const resources = definition.ResourceConfig ?? plainResources(definition.HyperParameterTuningResourceConfig);
  return {
    TrainingJobName: name,
    HyperParameters: { ...StaticHyperParameters, ...tuned, [objectiveParameter]: metric },
    AlgorithmSpecification: {
      ...{ TrainingInputMode: 'File', ...AlgorithmSpecification },
      MetricDefinitions: trialMetrics(AlgorithmSpecification?.MetricDefinitions),
    },
    RoleArn,
    OutputDataConfig: { ...OutputDataConfig, S3OutputPath: OutputDataConfig?.S3OutputPath },
    ...kept(definition),
    ...(resources && { ResourceConfig: resources }),
    ...ownCheckpoints(definition, name),
    ...(environment && { Environment: environment }),
    ...rules,
  };
}

/** Members that each trial has as they are. */
function kept(definition: HyperParameterTrainingJobDefinition) {
  const { InputDataConfig, VpcConfig, StoppingCondition, RetryStrategy } = definition;
  const { EnableNetworkIsolation, EnableInterContainerTrafficEncryption, EnableManagedSpotTraining } = definition;
  return {
    ...(InputDataConfig && { InputDataConfig }),
    ...(VpcConfig && { VpcConfig }),
    ...(StoppingCondition && { StoppingCondition }),
    ...(RetryStrategy && { RetryStrategy }),
    ...(EnableNetworkIsolation !== undefined && { EnableNetworkIsolation }),
    ...(EnableInterContainerTrafficEncryption !== undefined && { EnableInterContainerTrafficEncryption }),
    ...(EnableManagedSpotTraining !== undefined && { EnableManagedSpotTraining }),
  };
}

/** Trials that share a folder of checkpoints would go on with each other's. */
function ownCheckpoints({ CheckpointConfig: config }: HyperParameterTrainingJobDefinition, name: string) {
  if (config === undefined) return {};
  const folder = parseS3Uri(config.S3Uri ?? '', 'TrainingJobDefinition.CheckpointConfig.S3Uri');
  return { CheckpointConfig: { ...config, S3Uri: formatS3Uri(below(folder, name)) } };
}

/** HyperParameterTuningResourceConfig where it names one kind of instance; a choice of several is refused. */
function plainResources({
  InstanceType,
  InstanceCount,
  VolumeSizeInGB = 1,
}: HyperParameterTrainingJobDefinition['HyperParameterTuningResourceConfig'] = {}): ResourceConfig | undefined {
  return InstanceType === undefined ? undefined : { InstanceType, InstanceCount, VolumeSizeInGB };
}
