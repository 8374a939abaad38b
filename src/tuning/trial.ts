import type { Point } from './range.ts';

export type Objective = 'minimize' | 'maximize';

/** One training job of a search. */
export interface Trial {
  readonly point: Point;
  /** A job that was stopped early is finished with the value it had reached; one without a value has failed. */
  readonly state: 'running' | 'finished' | 'failed';
  /** The objective of a finished trial. NaN and infinities count as failed. */
  readonly value?: number | undefined;
}

/** A trial whose value can be compared. */
export type FinishedTrial = Trial & { readonly value: number };

export function isFinished<T extends Trial>(trial: T): trial is T & FinishedTrial {
  return trial.state === 'finished' && trial.value !== undefined && Number.isFinite(trial.value);
}

export function isFailed(trial: Trial): boolean {
  return trial.state !== 'running' && !isFinished(trial);
}

export function isBetter(value: number, than: number, objective: Objective): boolean {
  return objective === 'minimize' ? value < than : value > than;
}

/** The finished trial with the best value, the earliest of equal ones; undefined where none has finished. */
export function bestOf<T extends Trial>(trials: readonly T[], objective: Objective): (T & FinishedTrial) | undefined {
  let best: (T & FinishedTrial) | undefined;
  for (const trial of trials) {
    if (isFinished(trial) && (!best || isBetter(trial.value, best.value, objective))) best = trial;
  }
  return best;
}
