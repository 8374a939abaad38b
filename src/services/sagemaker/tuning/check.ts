import { problemsOf, sizeOf, tuningLimits } from '../../../tuning/index.ts';
import { limitExceeded, validation } from '../errors.ts';
import { refuseNested } from '../nested-fields.ts';
import { checkTrainingRequest } from '../training/check.ts';
import { objectiveParameter, possibleTrialName, trialRequest } from './definition.ts';
import { tuningNestedFields } from './fields.ts';
import { checkObjective } from './objective.ts';
import { planOf, type TuningPlan } from './plan.ts';
import { checkNumbers } from './ranges.ts';
import type { TuningRequest } from './record.ts';

/**
 * What the models do not say of CreateHyperParameterTuningJob. Its training jobs are checked as CreateTrainingJob checks them, so that no
 * mistake is told by the first trial that could be told at once.
 * @throws AwsFault ValidationException, ResourceLimitExceeded, or 501 for what is not served.
 */
export function checkTuningRequest(request: TuningRequest): TuningPlan {
  const operation = 'CreateHyperParameterTuningJob';
  refuseNested(request, tuningNestedFields, operation);
  const { TrainingJobDefinition: definition, HyperParameterTuningJobConfig: config } = request;
  if (definition === undefined) throw validation('TrainingJobDefinition is required.');
  if (config.HyperParameterTuningJobObjective === undefined) {
    throw validation('HyperParameterTuningJobConfig.HyperParameterTuningJobObjective is required.');
  }
  if (definition.ResourceConfig && definition.HyperParameterTuningResourceConfig) {
    throw validation('Only one of ResourceConfig and HyperParameterTuningResourceConfig can be specified.');
  }
  checkNumbers(config.ParameterRanges ?? {});
  const plan = planOf(request);
  checkLimits(request, plan);
  checkNames(request, plan);
  checkObjective(plan.objective, definition.AlgorithmSpecification?.MetricDefinitions ?? []);
  const name = possibleTrialName(request.HyperParameterTuningJobName);
  checkTrainingRequest(trialRequest(definition, { name, tuned: {}, metric: plan.objective.metric }), operation);
  return plan;
}

/** https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-limits.html */
function checkLimits({ HyperParameterTuningJobConfig: config }: TuningRequest, plan: TuningPlan): void {
  const { MaxNumberOfTrainingJobs: most } = config.ResourceLimits ?? {};
  if (most === undefined && plan.strategy !== 'grid') {
    throw validation(`ResourceLimits.MaxNumberOfTrainingJobs is required with the strategy ${config.Strategy}.`);
  }
  checkQuota('parallel training jobs', plan.parallel, tuningLimits.parallel);
  checkQuota('training jobs', plan.trials, tuningLimits.trials);
  const [problem] = problemsOf(plan);
  if (problem) throw validation(problem.message);
  const size = sizeOf(plan.ranges);
  if (plan.strategy === 'grid' && plan.trials !== size) {
    throw validation(
      `ResourceLimits.MaxNumberOfTrainingJobs is ${plan.trials}, and the grid has ${size} combinations: leave it out or set it to ${size}.`,
    );
  }
  if (plan.trials > size) {
    // AWS's words: aws/amazon-sagemaker-operator-for-k8s#123.
    throw validation(
      `You don't have enough combinations of hyperparameter ranges. The total number of hyperparameter combinations for the provided ranges [${size.toFixed(1)}] must be equal or greater than the value of MaxNumberOfJobs, [${plan.trials}]. Provide additional ranges.`,
    );
  }
  if (plan.parallel > plan.trials) {
    throw validation(
      `ResourceLimits.MaxParallelTrainingJobs, ${plan.parallel}, is more than MaxNumberOfTrainingJobs, ${plan.trials}.`,
    );
  }
}

function checkQuota(what: string, asked: number, limit: number): void {
  if (asked <= limit) return;
  throw limitExceeded(`Maximum number of ${what} per hyperparameter tuning job`, { limit, asked });
}

function checkNames({ TrainingJobDefinition: definition }: TuningRequest, { ranges }: TuningPlan): void {
  const fixed = definition?.StaticHyperParameters ?? {};
  const both = ranges.map(({ name }) => name).filter((name) => Object.hasOwn(fixed, name));
  if (both.length > 0) {
    throw validation(`Hyperparameters are either static or tuned; given as both: ${both.join(', ')}.`);
  }
  const own = [...Object.keys(fixed), ...ranges.map(({ name }) => name)].find((name) => name === objectiveParameter);
  if (own !== undefined) throw validation(`The hyperparameter ${own} is SageMaker's own.`);
}
