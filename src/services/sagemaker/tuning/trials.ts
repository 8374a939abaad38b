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

/**
 * Writes down the objectives of trials that have ended since. That of one that was stopped early is the one at that moment: how far it came
 * until its instance heard of it is chance, and would make the search, and its best, another one.
 * @returns the trials as they are then.
 */
export function settleObjectives(trials: readonly TrialRow[], metric: string, database: Database): TrialRow[] {
  return trials.map((trial) => {
    if (!hasEnded(trial) || trial.objective !== null) return trial;
    const { stopped_after: epochs } = trial;
    const objective =
      epochs === null ? finalValue(trial, metric) : (objectiveCurve(trial.id, metric, database)[epochs - 1] ?? null);
    if (objective !== trial.objective) {
      database.run('UPDATE tuning_trials SET objective = ? WHERE training_job = ?', objective, trial.id);
    }
    return { ...trial, objective };
  });
}

/** What the job itself tells of a metric; null where it has no number for it. */
function finalValue(job: Pick<TrainingJobRow, 'metrics'>, metric: string): number | null {
  const value = (JSON.parse(job.metrics) as FinalMetric[]).find(({ name }) => name === metric)?.value;
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** The trials as the search sees them. */
export function historyOf(trials: readonly TrialRow[], ranges: readonly ParameterRange[]): Trial[] {
  return trials.map((trial) => ({ point: fromText(tunedOf(trial), ranges) ?? {}, ...resultOf(trial) }));
}

/** What came of a trial. What a failed one told before it failed is no objective. */
export function resultOf(trial: TrialRow): Omit<Trial, 'point'> {
  if (!hasEnded(trial)) return { state: 'running' };
  if (trial.status === 'Failed' || trial.objective === null) return { state: 'failed' };
  return { state: 'finished', value: trial.objective };
}
