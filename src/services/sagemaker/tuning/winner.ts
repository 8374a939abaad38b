import { bestOf } from '../../../tuning/index.ts';
import type { FinalMetric } from '../training/record.ts';
import { isAboveChance, type TuningObjective } from './objective.ts';
import type { TrialRow } from './trials.ts';

/** The trial with the best objective of its own telling, the earliest of equal ones. */
export function bestTrial(trials: readonly TrialRow[], { direction }: TuningObjective): TrialRow | undefined {
  const compared = trials
    .filter(({ status }) => status === 'Completed' || status === 'Stopped')
    .map((row) => ({ row, point: {}, state: 'finished' as const, value: row.objective ?? undefined }));
  return bestOf(compared, direction)?.row;
}

/** Whether a trial may be named as the best: not when its model says that it knows no more than which class is the largest. */
export function isModel(trial: TrialRow): boolean {
  return isAboveChance(metricsOf(trial)) !== false;
}

/** FailureReason of a tuning job whose best model is at chance. */
export function chanceReason(
  best: TrialRow,
  { objective, count }: { readonly objective: TuningObjective; readonly count: number },
): string {
  const told = (name: string): string => String(metricsOf(best).find((metric) => metric.name === name)?.value ?? '?');
  return (
    `None of the ${count} training jobs learnt more than which class is the largest. The best, ${best.name}, has ${objective.metric} ` +
    `${best.objective}: of the validation pictures a share of ${told('validation:accuracy')} is right, and always naming the largest class gets ` +
    `${told('validation:chance')}. No model is named as the best: look at the labels and the backbone, and at the ranges of the hyperparameters.`
  );
}

function metricsOf(trial: TrialRow): FinalMetric[] {
  return JSON.parse(trial.metrics) as FinalMetric[];
}
