import type { Database } from '../../../store/index.ts';
import { stopEarly } from '../../../tuning/index.ts';
import type { SageMakerState } from '../state.ts';
import type { TrainingJobs } from '../training/jobs.ts';
import type { TrainingJobRow } from '../training/record.ts';
import { objectiveCurve } from './curve.ts';
import type { TuningObjective } from './objective.ts';
import { planOf } from './plan.ts';
import { tuningJobById, tuningRequest } from './record.ts';
import { type TrialRow, trialsOf } from './trials.ts';

/** Stops trials that fall behind. */
export interface Judge {
  /** A trial has told a value of a metric. */
  hear(job: TrainingJobRow, told: { readonly tuning: number; readonly metric: string }): void;
  forget(job: TrainingJobRow): void;
}

export function createJudge({ database }: Pick<SageMakerState, 'database'>, training: TrainingJobs): Judge {
  /** How many values of running trials were looked at. What was said of them stands: they are compared with the same trials. */
  const looked = new Map<number, number>();
  return {
    hear(job, { tuning, metric }) {
      const plan = planOf(tuningRequest(tuningJobById(tuning, database)));
      if (!plan.stopsEarly || metric !== plan.objective.metric) return;
      const told = objectiveCurve(job.id, metric, database).length;
      const from = looked.get(job.id) ?? 0;
      if (told === from) return;
      looked.set(job.id, told);
      const trials = trialsOf(tuning, database);
      const trial = trials.find(({ id }) => id === job.id);
      if (trial === undefined || trial.stopped_after !== null || trial.status !== 'InProgress') return;
      const after = stopsAfter(trial, trials, { objective: plan.objective, database, from });
      if (after === undefined) return;
      database.run('UPDATE tuning_trials SET stopped_after = ? WHERE training_job = ?', after, trial.id);
      training.stop(trial);
    },
    forget: ({ id }) => void looked.delete(id),
  };
}

/**
 * After how many values of its objective a running trial should have been stopped by the median rule; undefined while it should not. It is
 * compared with the trials that had ended when it was created, as the search knew them then, and all moments are asked about in turn: so the
 * answer depends neither on when the question is asked nor on what has ended since.
 * @param from How many values were asked about before.
 */
function stopsAfter(
  trial: TrialRow,
  trials: readonly TrialRow[],
  {
    objective,
    database,
    from,
  }: { readonly objective: TuningObjective; readonly database: Database; readonly from: number },
): number | undefined {
  const running = valuesOf(trial, { objective, database });
  const earlier = trials
    .filter(({ number, ended }) => number < trial.number && ended !== null && ended <= trial.created)
    .map((other) => valuesOf(other, { objective, database }));
  const moments = running.map((_, i) => i + 1).slice(from);
  return moments.find((epoch) =>
    stopEarly({ running: running.slice(0, epoch), earlier, objective: objective.direction }),
  );
}

/** The objective after each epoch; of a trial that was stopped, until then. */
function valuesOf(
  trial: TrialRow,
  { objective, database }: { readonly objective: TuningObjective; readonly database: Database },
): number[] {
  const values = objectiveCurve(trial.id, objective.metric, database);
  return trial.stopped_after === null ? values : values.slice(0, trial.stopped_after);
}
