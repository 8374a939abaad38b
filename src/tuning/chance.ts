import { bestOf, type FinishedTrial, isFinished, type Objective, type Trial } from './trial.ts';

export interface TestedTrial extends Trial {
  /** How likely a model without knowledge is to be right as often; see `testAgainstChance` of the engine. */
  readonly pValue?: number | undefined;
}

const level = 0.05;

/**
 * The best of the trials whose models know more than chance; undefined where none does. The best of many trials was picked for its luck
 * too, so each is held to the level divided by their number (Bonferroni).
 */
export function winnerOf<T extends TestedTrial>(
  trials: readonly T[],
  objective: Objective,
): (T & FinishedTrial) | undefined {
  const finished = trials.filter(isFinished);
  const knowing = finished.filter(({ pValue = 1 }) => pValue * finished.length < level);
  return bestOf<T>(knowing, objective);
}
