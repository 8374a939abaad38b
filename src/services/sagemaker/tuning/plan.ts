import type { HyperParameterTuningJobConfig } from '@aws-sdk/client-sagemaker';
import { type ParameterRange, type Strategy, sizeOf, tuningLimits } from '../../../tuning/index.ts';
import { readObjective, type TuningObjective } from './objective.ts';
import { readRanges } from './ranges.ts';
import type { TuningRequest } from './record.ts';

/** What a tuning job is to do, in numbers. */
export interface TuningPlan {
  readonly strategy: Strategy;
  readonly ranges: readonly ParameterRange[];
  readonly objective: TuningObjective;
  /** Training jobs in all, and at a time. */
  readonly trials: number;
  readonly parallel: number;
  /** Seconds; undefined for no limit. */
  readonly maxRuntime: number | undefined;
  /** Whether trials that fall behind are stopped. */
  readonly stopsEarly: boolean;
  /** The job ends when a trial reaches this value. */
  readonly target: number | undefined;
  /** The job ends when so many trials in a row did not better the best by one percent. */
  readonly patience: number | undefined;
}

/** SageMaker's own defaults and the quotas of an account that nobody raised. */
export function planOf({ HyperParameterTuningJobConfig: config }: TuningRequest): TuningPlan {
  const ranges = readRanges(config.ParameterRanges ?? {});
  const limits = config.ResourceLimits ?? { MaxParallelTrainingJobs: undefined };
  const strategy = strategies[config.Strategy ?? 'Bayesian'] ?? 'bayesian';
  return {
    strategy,
    ranges,
    objective: readObjective(config.HyperParameterTuningJobObjective ?? { Type: undefined, MetricName: undefined }),
    trials: limits.MaxNumberOfTrainingJobs ?? (strategy === 'grid' ? sizeOf(ranges) : tuningLimits.trials),
    parallel: limits.MaxParallelTrainingJobs ?? 1,
    maxRuntime: limits.MaxRuntimeInSeconds,
    stopsEarly: config.TrainingJobEarlyStoppingType === 'Auto',
    ...criteriaOf(config),
  };
}

function criteriaOf({ TuningJobCompletionCriteria: criteria = {} }: HyperParameterTuningJobConfig) {
  return {
    target: criteria.TargetObjectiveMetricValue,
    patience: criteria.BestObjectiveNotImproving?.MaxNumberOfTrainingJobsNotImproving,
  };
}

const strategies: Readonly<Record<string, Strategy>> = { Bayesian: 'bayesian', Random: 'random', Grid: 'grid' };
