import type { Database } from '../../../store/index.ts';
import { stopEarly } from '../../../tuning/index.ts';
import { hasEnded } from '../training/record.ts';
import { objectiveCurve } from './curve.ts';
import type { TuningObjective } from './objective.ts';
import type { TrialRow } from './trials.ts';

/**
 * After how many values of its objective a running trial should have been stopped by the median rule; undefined while it should not. All
 * moments so far are asked about in turn, so the answer does not depend on when the question is.
 */
export function stopsAfter(
  trial: TrialRow,
  trials: readonly TrialRow[],
  { objective, database }: { readonly objective: TuningObjective; readonly database: Database },
): number | undefined {
  const running = valuesOf(trial, { objective, database });
  const earlier = trials
    .filter((other) => other.number !== trial.number && hasEnded(other))
    .map((other) => valuesOf(other, { objective, database }));
  const moments = running.map((_, i) => i + 1);
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
