import { isBetter, type Objective } from './trial.ts';

export interface StoppingQuestion {
  /** The objective of the running trial, epoch by epoch so far. */
  readonly running: readonly number[];
  /** The same of trials that ended before, however they did. */
  readonly earlier: readonly (readonly number[])[];
  readonly objective: Objective;
  /** Earlier trials that must have reached the epoch. Default 3: the median of fewer is one trial's luck. */
  readonly minimumTrials?: number;
  /** Epochs that every trial gets. Default 3: the first ones order learning rates by speed, not by where they lead. */
  readonly minimumEpochs?: number;
}

/**
 * The median rule: a trial is stopped when its objective is worse than the median, over earlier trials, of their running averages up to
 * the same epoch. A value that is not a number is worse than any.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-early-stopping.html; Golovin et al. 2017, "Google Vizier",
 * section 3.2.2 (https://doi.org/10.1145/3097983.3098043).
 */
export function stopEarly({
  running,
  earlier,
  objective,
  minimumTrials = 3,
  minimumEpochs = 3,
}: StoppingQuestion): boolean {
  const epoch = running.length;
  const now = running.at(-1);
  if (now === undefined || epoch < minimumEpochs) return false;
  const averages = earlier
    .filter((values) => values.length >= epoch)
    .map((values) => mean(values.slice(0, epoch)))
    .filter(Number.isFinite);
  if (averages.length < Math.max(1, minimumTrials)) return false;
  return Number.isNaN(now) || isBetter(median(averages), now, objective);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}
