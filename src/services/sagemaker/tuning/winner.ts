import { bestOf, type TestedTrial, winnerOf } from '../../../tuning/index.ts';
import { chanceMetrics } from '../training/metrics.ts';
import type { FinalMetric } from '../training/record.ts';
import type { TuningObjective } from './objective.ts';
import { resultOf, type TrialRow } from './trials.ts';

/** The trial that may be named as the best: of those above chance that with the best objective, the earliest of equal ones. */
export function winningTrial(trials: readonly TrialRow[], { direction }: TuningObjective): TrialRow | undefined {
  return winnerOf(tested(trials), direction)?.row;
}

/** FailureReason of a tuning job whose models are all at chance; undefined where one is not, and where there is none. */
export function chanceReason(trials: readonly TrialRow[], objective: TuningObjective): string | undefined {
  const best = bestOf(tested(trials), objective.direction)?.row;
  if (best === undefined || winningTrial(trials, objective) !== undefined) return undefined;
  const told = (name: string): number | string => toldBy(best, name) ?? '?';
  return (
    `None of the ${trials.length} training jobs learnt more than which class is the largest. The best, ${best.name}, has ${objective.metric} ` +
    `${best.objective}: of the validation pictures a share of ${told('validation:accuracy')} is right, always naming the largest class gets ` +
    `${told(chanceMetrics.chance.Name)}, and the best of ${trials.length} that only guess would often do as well. No model is named as the best: ` +
    'look at the labels and the backbone, and at the ranges of the hyperparameters.'
  );
}

function tested(trials: readonly TrialRow[]): (TestedTrial & { readonly row: TrialRow })[] {
  return trials.map((row) => ({ row, point: {}, ...resultOf(row), pValue: pValueOf(row) }));
}

/** Jobs of earlier versions told only whether it is below their level; a job that tells nothing of chance counts as above it. */
function pValueOf(trial: TrialRow): number {
  const { pValue, aboveChance } = chanceMetrics;
  return toldBy(trial, pValue.Name) ?? (toldBy(trial, aboveChance.Name) === 0 ? 1 : 0);
}

function toldBy({ metrics }: TrialRow, metric: string): number | undefined {
  return (JSON.parse(metrics) as FinalMetric[]).find(({ name }) => name === metric)?.value;
}
