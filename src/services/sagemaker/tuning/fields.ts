import type { CreateHyperParameterTuningJobRequest } from '@aws-sdk/client-sagemaker';
import type { Fields } from '../../operation.ts';
import type { NestedFields } from '../nested-fields.ts';

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

/** Members of members that are not what their parent is; what trials refuse, CreateTrainingJob's own check says. */
export const tuningNestedFields: NestedFields = {
  [`${config}.Strategy`]: ['Bayesian', 'Random', 'Grid'],
  [`${config}.StrategyConfig`]: 'refused',
  [`${config}.ParameterRanges.AutoParameters`]: 'refused',
  [`${config}.TuningJobCompletionCriteria.ConvergenceDetected.CompleteOnConvergence`]: ['Disabled'],
  [`${definition}.DefinitionName`]: 'stored',
  [`${definition}.TuningObjective`]: 'refused',
  [`${definition}.HyperParameterRanges`]: 'refused',
  [`${definition}.EnableManagedSpotTraining`]: [false],
  [`${definition}.HyperParameterTuningResourceConfig.AllocationStrategy`]: 'refused',
  [`${definition}.HyperParameterTuningResourceConfig.InstanceConfigs`]: 'refused',
  [`${definition}.HyperParameterTuningResourceConfig.VolumeKmsKeyId`]: 'refused',
};
