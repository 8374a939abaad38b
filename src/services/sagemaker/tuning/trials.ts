import type { Database } from '../../../store/index.ts';
import { fromText, type ParameterRange, type Trial } from '../../../tuning/index.ts';
import { type FinalMetric, hasEnded, type TrainingJobRow } from '../training/record.ts';
import { objectiveCurve } from './curve.ts';

/** A training job of a tuning job. */
export interface TrialRow extends TrainingJobRow {
  readonly number: number;
  /** JSON: TunedHyperParameters. */
  readonly tuned: string;
  readonly stopped_after: number | null;
  readonly objective: number | null;
}

/** The columns of both tables, for lists of trials too. */
export const trialTable = `(
  SELECT j.*, t.tuning_job AS tuning, t.number, t.tuned, t.stopped_after, t.objective
  FROM tuning_trials t JOIN training_jobs j ON j.id = t.training_job
)`;

/** In the order in which they were started. */
export function trialsOf(tuningJob: number, database: Database): TrialRow[] {
  return database.all<TrialRow>(`SELECT * FROM ${trialTable} WHERE tuning = ? ORDER BY number`, tuningJob);
}

export function insertTrial(
  tuningJob: number,
  trial: { readonly number: number; readonly trainingJob: number; readonly tuned: Readonly<Record<string, string>> },
  database: Database,
): void {
  database.run(
    'INSERT INTO tuning_trials (tuning_job, number, training_job, tuned) VALUES (?, ?, ?, ?)',
    ...[tuningJob, trial.number, trial.trainingJob, JSON.stringify(trial.tuned)],
  );
}

export function tunedOf(trial: Pick<TrialRow, 'tuned'>): Record<string, string> {
  return JSON.parse(trial.tuned) as Record<string, string>;
}

/** Writes down the objectives of trials that have ended since. @returns the trials as they are then. */
export function settleObjectives(trials: readonly TrialRow[], metric: string, database: Database): TrialRow[] {
  return trials.map((trial) => {
    const objective = hasEnded(trial) && trial.objective === null ? finalValue(trial, metric) : trial.objective;
    if (objective !== trial.objective) {
      database.run('UPDATE tuning_trials SET objective = ? WHERE training_job = ?', objective, trial.id);
    }
    return { ...trial, objective };
  });
}

/** What the job itself tells of a metric; null where it has no number for it. */
export function finalValue(job: Pick<TrainingJobRow, 'metrics'>, metric: string): number | null {
  const value = (JSON.parse(job.metrics) as FinalMetric[]).find(({ name }) => name === metric)?.value;
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/**
 * The trials as the search sees them. One that was stopped early counts with its objective at that moment: how far it came until its
 * instance heard of it is chance, and would make the search another one.
 */
export function historyOf(
  trials: readonly TrialRow[],
  {
    ranges,
    metric,
    database,
  }: { readonly ranges: readonly ParameterRange[]; readonly metric: string; readonly database: Database },
): Trial[] {
  return trials.map((trial) => {
    const point = fromText(tunedOf(trial), ranges) ?? {};
    if (!hasEnded(trial)) return { point, state: 'running' };
    const reached =
      trial.stopped_after === null ? undefined : objectiveCurve(trial.id, metric, database)[trial.stopped_after - 1];
    const value = reached ?? trial.objective ?? undefined;
    return value === undefined ? { point, state: 'failed' } : { point, state: 'finished', value };
  });
}
