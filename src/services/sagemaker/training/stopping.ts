import type { SageMakerState } from '../state.ts';
import type { TrainingJobRow, TrainingRequest } from './record.ts';
import type { StopControl } from './stop-control.ts';
import { enter } from './transitions.ts';

type Tables = Pick<SageMakerState, 'database' | 'clock'>;

/** The job says that it is to end, also to a server that takes it up later. */
export function markStopping(
  job: Pick<TrainingJobRow, 'id'>,
  reason: 'request' | 'runtime',
  { database, clock }: Tables,
): void {
  const message = 'Stopping the training job';
  database.transaction(() => {
    database.run('UPDATE training_jobs SET stop = COALESCE(stop, ?) WHERE id = ?', reason, job.id);
    enter(job.id, { secondary: 'Stopping', status: 'Stopping', message, now: clock.now() }, database);
  });
}

export const defaultMaxRuntime = 86_400;

/**
 * Ends the job when its time is over, from when it begins to cost. A server that was restarted gives it all of its time again.
 * @returns what to clear when the job ends first.
 */
export function startClock(
  job: Pick<TrainingJobRow, 'id'>,
  { request, stop }: { readonly request: TrainingRequest; readonly stop: StopControl },
  state: Tables & Pick<SageMakerState, 'journal'>,
): NodeJS.Timeout {
  const seconds = request.StoppingCondition?.MaxRuntimeInSeconds ?? defaultMaxRuntime;
  const longest = 2 ** 31 - 1;
  return setTimeout(
    () => {
      stop.stop('runtime');
      try {
        markStopping(job, 'runtime', state);
      } catch (error) {
        state.journal.write('error', { message: 'a status could not be kept', error: String(error) });
      }
    },
    Math.min(seconds * 1000, longest),
  );
}
