import type { HyperParameterTuningJobObjective, MetricDefinition } from '@aws-sdk/client-sagemaker';
import type { Objective } from '../../../tuning/index.ts';
import { validation } from '../errors.ts';
import { chanceMetrics, ownMetrics } from '../training/metrics.ts';

export interface TuningObjective {
  readonly metric: string;
  readonly direction: Objective;
}

export function readObjective({ Type, MetricName = '' }: HyperParameterTuningJobObjective): TuningObjective {
  return { metric: MetricName, direction: Type === 'Minimize' ? 'minimize' : 'maximize' };
}

/** What the logs of trials are searched for: what a job would be, and whether there is a model above chance. */
export function trialMetrics(definitions: readonly MetricDefinition[] = []): MetricDefinition[] {
  const asked = definitions.length > 0 ? definitions : ownMetrics;
  const added: readonly MetricDefinition[] = Object.values(chanceMetrics);
  return [...asked.filter(({ Name }) => !added.some((one) => one.Name === Name)), ...added];
}

/**
 * The objective is one of the metrics that the log is searched for, Whippet's own or one that is defined; never one of the test split:
 * whoever chooses by it has no pictures left to find out how good the choice is.
 * @throws AwsFault ValidationException.
 */
export function checkObjective({ metric }: TuningObjective, definitions: readonly MetricDefinition[]): void {
  const defined = definitions.find(({ Name }) => Name === metric);
  if (/\btest\b/i.test(metric) || /\btest\b/i.test(defined?.Regex ?? '')) {
    throw validation(
      `The objective metric "${metric}" is one of the test split. A model that is chosen by its test pictures has none left to be measured with: use validation:accuracy or validation:loss.`,
    );
  }
  const known = definitions.length > 0 ? definitions : ownMetrics;
  if (known.some(({ Name }) => Name === metric)) return;
  throw validation(
    'A metric is required for this hyperparameter tuning job objective. Provide a metric in the metric definitions. ' +
      `"${metric}" is none of ${definitions.length > 0 ? 'those that are defined' : 'those that there are without definitions'}: ${namesOf(known)}.`,
  );
}

/** FailureReason of a tuning job in whose trials' logs the objective was not. */
export function objectiveNotTold(
  { metric }: TuningObjective,
  { definitions, count }: { readonly definitions: readonly MetricDefinition[]; readonly count: number },
): string {
  const { Regex: regex = '' } = definitions.find(({ Name }) => Name === metric) ?? {};
  const logs = count === 1 ? 'the log of the one training job' : `the logs of the ${count} training jobs`;
  return (
    `No training job told its objective: in ${logs} that completed, the expression "${regex}" of the metric "${metric}" found no number. ` +
    `The container tells ${namesOf(ownMetrics)}; they need no definition.`
  );
}

function namesOf(definitions: readonly MetricDefinition[]): string {
  return definitions.map(({ Name }) => Name).join(', ');
}
