import { bestOf, isBetter, type Trial } from '../../../tuning/index.ts';
import { hasEnded, requestOf } from '../training/record.ts';
import { objectiveNotTold, type TuningObjective } from './objective.ts';
import type { TuningPlan } from './plan.ts';
import type { TrialRow } from './trials.ts';

/** How a tuning job is to end. Trials that still run are stopped first. */
export interface Verdict {
  readonly status: 'Completed' | 'Failed' | 'Stopped';
  /** FailureReason. */
  readonly reason?: string;
}

export interface Progress {
  /** In the order in which they were started. */
  readonly trials: readonly Trial[];
  /** Of these trials. */
  readonly jobs: readonly TrialRow[];
  /** Seconds since the job was created. */
  readonly seconds: number;
  readonly stopRequested: boolean;
  /** The search has no further point, as a grid has in the end. */
  readonly exhausted: boolean;
}

/** So many trials that fail without one that succeeds are AWS's reason to give up. */
const attempts = 5;

/** Whether the job ends now, and how; undefined while there is something to try or to wait for. */
export function verdictOn(
  plan: TuningPlan,
  { trials, jobs, seconds, stopRequested, exhausted }: Progress,
): Verdict | undefined {
  if (stopRequested) return { status: 'Stopped' };
  const best = bestOf(trials, plan.objective.direction);
  const ended = trials.filter(({ state }) => state !== 'running').length;
  if (best === undefined && ended >= attempts) return noneSucceeded(jobs, plan.objective);
  if (best !== undefined && reaches(best.value, plan)) return { status: 'Completed' };
  if (plan.patience !== undefined && notImproving(trials, plan.objective) >= plan.patience) {
    return { status: 'Completed' };
  }
  if (plan.maxRuntime !== undefined && seconds >= plan.maxRuntime) return { status: 'Completed' };
  if (ended < trials.length || (trials.length < plan.trials && !exhausted)) return undefined;
  return best === undefined ? noneSucceeded(jobs, plan.objective) : { status: 'Completed' };
}

/** Of failed trials AWS's words, aws/amazon-sagemaker-examples#2437, and the first one's reason: mostly it is that of all. */
function noneSucceeded(jobs: readonly TrialRow[], objective: TuningObjective): Verdict {
  const ended = jobs.filter((job) => hasEnded(job));
  const failed = ended.find(({ failure }) => failure !== null);
  const completed = ended.filter(({ status }) => status === 'Completed');
  const definitions = completed[0] && requestOf(completed[0]).AlgorithmSpecification?.MetricDefinitions;
  const reason = definitions
    ? objectiveNotTold(objective, { definitions, count: completed.length })
    : `No training job succeeded after ${ended.length} attempts. Please take a look at the training job failures to get more details.`;
  return { status: 'Failed', reason: failed ? `${reason} ${failed.name} failed: ${failed.failure}` : reason };
}

function reaches(value: number, { target, objective }: TuningPlan): boolean {
  return target !== undefined && (value === target || isBetter(value, target, objective.direction));
}

/** AWS counts a trial as an improvement where it betters all before it by one percent. */
const improvement = 0.01;

/**
 * Trials that ended since the last one that bettered the best.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BestObjectiveNotImproving.html
 */
export function notImproving(trials: readonly Trial[], { direction }: TuningObjective): number {
  let best: number | undefined;
  let since = 0;
  for (const { state, value } of trials) {
    if (state === 'running') continue;
    since += 1;
    if (state === 'failed' || value === undefined) continue;
    const step = Math.abs(best ?? 0) * improvement;
    const bar = best === undefined ? undefined : direction === 'maximize' ? best + step : best - step;
    if (bar !== undefined && !isBetter(value, bar, direction)) continue;
    best = value;
    since = 0;
  }
  return since;
}
