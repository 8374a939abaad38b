import { openTrials, type TrainOptions, type TrainResult, train } from '../../engine/index.ts';
import { userError } from '../../errors/index.ts';
import { bestOf, isFinished, problemsOf, winnerOf } from '../../tuning/index.ts';
import type { Context } from '../context.ts';
import { shortPath } from '../terminal/paths.ts';
import { liveTrials } from './tune-live.ts';
import { writeTuningPage } from './tune-page.ts';
import { searchTrials, type TunedTrial, type TuningPlan } from './tune-search.ts';
import { interruptedSummary, tuningJson, tuningSummary } from './tune-summary.ts';

export interface TuneJob {
  readonly plan: TuningPlan;
  /** Of the winner's training; its hyperparameters are the plan's fixed ones. */
  readonly options: TrainOptions;
  /** File of the page that shows the trials. */
  readonly page: string;
  readonly json: boolean;
}

/**
 * Searches, trains the winner as `whippet train` would, and shows the trials.
 * @throws WHIPPET_TUNING_*, and what training throws
 */
export async function runTune(photos: string, job: TuneJob, context: Context): Promise<void> {
  const { plan, options } = job;
  const problems = problemsOf(plan);
  if (problems.length > 0) throw userError('WHIPPET_TUNING_PLAN', { problems: problems.map(({ message }) => message) });
  const now = (): number => performance.now();
  const started = now();
  const open = await openTrials(photos, options);
  context.progress.clear();
  const live = liveTrials(plan, context);
  const trials = await searchTrials(open, plan, { now, signal: context.signal, onChange: live.show });
  live.clear();
  open.close();
  await writeTuningPage(job.page, { photos, plan, trials });
  if (context.signal.aborted) {
    context.out(interruptedSummary(trials, { plan, photos, page: job.page, style: context.style }));
    context.exitCode = 130;
    return;
  }
  const winner = winnerAmong(trials, plan);
  const result = await train(photos, {
    ...options,
    source: open.dataset,
    hyperparameters: { ...plan.fixed, ...winner.text },
  });
  context.progress.clear();
  const seconds = (now() - started) / 1000;
  const outcome = { ...job, photos, trials, winner, result, seconds };
  context.out(job.json ? `${JSON.stringify(tuningJson(outcome), null, 2)}\n` : tuningSummary(outcome, context.style));
}

/** What a search came to. */
export interface TuningOutcome extends TuneJob {
  readonly photos: string;
  readonly trials: readonly TunedTrial[];
  readonly winner: TunedTrial;
  readonly result: TrainResult;
  readonly seconds: number;
}

function winnerAmong(trials: readonly TunedTrial[], { objective }: TuningPlan): TunedTrial {
  const winner = winnerOf(trials, objective.direction);
  if (winner) return winner;
  const finished = trials.filter(isFinished);
  const accuracy = (trial: TunedTrial): number => trial.run?.best.validAccuracy ?? 0;
  const best = bestOf(
    finished.map((trial) => ({ ...trial, value: accuracy(trial) })),
    'maximize',
  );
  if (!best?.run) {
    const first = trials.find(({ failure }) => failure !== undefined)?.failure ?? '';
    throw userError('WHIPPET_TUNING_ALL_FAILED', { trials: trials.length, first });
  }
  const { largestClass, uniform } = best.run.chance;
  throw userError('WHIPPET_TUNING_AT_CHANCE', {
    trials: finished.length,
    accuracy: accuracy(best),
    chance: Math.max(largestClass, uniform),
    pictures: best.run.pictures,
  });
}

/** Where the trials are shown unless it is said: beside the model. */
export function defaultPage(out: string): string {
  return shortPath(`${out.replace(/\/+$/, '')}-tuning.html`);
}
