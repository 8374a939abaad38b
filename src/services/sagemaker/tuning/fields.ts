import type { CreateHyperParameterTuningJobRequest } from '@aws-sdk/client-sagemaker';
import type { Fields } from '../../operation.ts';
import type { NestedFields } from '../nested-fields.ts';
import { trainingNestedFields } from '../training/fields.ts';

export const tuningFields: Fields<CreateHyperParameterTuningJobRequest> = {
  HyperParameterTuningJobName: 'real',
  HyperParameterTuningJobConfig: 'real',
  TrainingJobDefinition: 'real',
  TrainingJobDefinitions: 'refused',
  WarmStartConfig: 'refused',
  Tags: 'real',
  Autotune: 'refused',
};

const config = 'HyperParameterTuningJobConfig';
const definition = 'TrainingJobDefinition';

/** Members of CreateTrainingJob that the definition of trials has, too. */
const shared = [
  ...['AlgorithmSpecification.AlgorithmName', 'AlgorithmSpecification.TrainingInputMode'],
  ...['InputDataConfig[].', 'OutputDataConfig.', 'ResourceConfig.', 'StoppingCondition.', 'CheckpointConfig.'],
];

/** What becomes of them in trials is what becomes of them in other training jobs. */
const trialFields = Object.fromEntries(
  Object.entries(trainingNestedFields)
    .filter(([path]) => shared.some((beginning) => path.startsWith(beginning)))
    .map(([path, support]) => [`${definition}.${path}`, support]),
);

/** Members of members that are not what their parent is. */
export const tuningNestedFields: NestedFields = {
  [`${config}.Strategy`]: ['Bayesian', 'Random', 'Grid'],
  [`${config}.StrategyConfig`]: 'refused',
  [`${config}.ParameterRanges.AutoParameters`]: 'refused',
  [`${config}.TuningJobCompletionCriteria.ConvergenceDetected.CompleteOnConvergence`]: ['Disabled'],
  [`${definition}.DefinitionName`]: 'stored',
  [`${definition}.TuningObjective`]: 'refused',
  [`${definition}.HyperParameterRanges`]: 'refused',
  [`${definition}.EnableManagedSpotTraining`]: [false],
  [`${definition}.VpcConfig`]: 'stored',
  [`${definition}.RetryStrategy`]: 'stored',
  [`${definition}.HyperParameterTuningResourceConfig.InstanceType`]: 'stored',
  [`${definition}.HyperParameterTuningResourceConfig.VolumeSizeInGB`]: 'stored',
  [`${definition}.HyperParameterTuningResourceConfig.AllocationStrategy`]: 'refused',
  [`${definition}.HyperParameterTuningResourceConfig.InstanceConfigs`]: 'refused',
  [`${definition}.HyperParameterTuningResourceConfig.VolumeKmsKeyId`]: 'refused',
  ...trialFields,
};
