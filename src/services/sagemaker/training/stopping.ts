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

/** What AWS takes where nothing is said: a day. */
export const defaultStoppingCondition = { MaxRuntimeInSeconds: 86_400 };

/** setTimeout takes no longer one: 24.8 days, and a job may have 28. */
const longestTimeout = 2 ** 31 - 1;

/**
 * Ends the job when its time is over, from when it begins to cost. A server that was restarted gives it all of its time again.
 * @returns to be called when the job ends first.
 */
export function startClock(
  job: Pick<TrainingJobRow, 'id'>,
  { request, stop }: { readonly request: TrainingRequest; readonly stop: StopControl },
  state: Tables & Pick<SageMakerState, 'journal'>,
): () => void {
  const { MaxRuntimeInSeconds: seconds = 0 } = { ...defaultStoppingCondition, ...request.StoppingCondition };
  const end = (): void => {
    stop.stop('runtime');
    try {
      markStopping(job, 'runtime', state);
    } catch (error) {
      state.journal.write('error', { message: 'a status could not be kept', error: String(error) });
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const wait = (milliseconds: number): void => {
    const part = Math.min(milliseconds, longestTimeout);
    timer = setTimeout(() => (part < milliseconds ? wait(milliseconds - part) : end()), part);
  };
  wait(seconds * 1000);
  return () => clearTimeout(timer);
}
