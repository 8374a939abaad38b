import type { EpochRecord, TrialRun, Trials } from '../../engine/index.ts';
import { isWhippetError } from '../../errors/index.ts';
import {
  createSearch,
  isFinished,
  type Objective,
  type ParameterRange,
  type Strategy,
  type Suggestion,
  stopEarly,
  type TestedTrial,
} from '../../tuning/index.ts';

/** What a search is told to get better at. */
export interface TuningObjective {
  readonly name: 'validation:accuracy' | 'validation:loss';
  readonly direction: Objective;
  of(record: EpochRecord): number;
}

export const objectives: readonly TuningObjective[] = [
  { name: 'validation:accuracy', direction: 'maximize', of: ({ validAccuracy }) => validAccuracy },
  { name: 'validation:loss', direction: 'minimize', of: ({ validLoss }) => validLoss },
];

export interface TuningPlan {
  readonly strategy: Strategy;
  readonly ranges: readonly ParameterRange[];
  readonly objective: TuningObjective;
  readonly trials: number;
  readonly parallel: number;
  readonly earlyStopping: boolean;
  readonly seed: number;
  /** Hyperparameters that are the same in all trials. */
  readonly fixed: Readonly<Record<string, string>>;
}

/** One trial as it is shown; `epochs` grows while it runs. */
export interface TunedTrial extends TestedTrial {
  /** From 1, in the order of their starts. */
  readonly number: number;
  readonly text: Readonly<Record<string, string>>;
  readonly epochs: readonly EpochRecord[];
  readonly run?: TrialRun;
  /** Why it failed. */
  readonly failure?: string;
  readonly seconds: number;
}

export interface SearchHooks {
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** At the start of a trial, after each of its epochs, and at its end. */
  onChange(trial: TunedTrial, trials: readonly TunedTrial[]): void;
}

/**
 * Runs the trials, `parallel` at a time. Trial k starts when trial k − parallel has ended, and knows the outcomes up to that one only,
 * whatever else has ended by then: so the same seed gives the same trials, however fast the machine is. An abort ends the search.
 */
export async function searchTrials(trials: Trials, plan: TuningPlan, hooks: SearchHooks): Promise<TunedTrial[]> {
  const { objective, parallel, ranges, seed, strategy } = plan;
  const search = createSearch({ strategy, ranges, objective: objective.direction, seed });
  const shown: TunedTrial[] = [];
  const ends: Promise<void>[] = [];
  for (let k = 0; k < plan.trials; k++) {
    const known = k - parallel + 1;
    await ends[known - 1];
    if (hooks.signal.aborted) break;
    const history = shown.map((trial, i) => (i < known ? trial : { ...trial, state: 'running' as const }));
    const suggestion = search.suggest(history);
    if (!suggestion) break;
    const earlier = shown.slice(0, Math.max(0, known)).filter(isFinished);
    const update = (trial: TunedTrial): void => {
      shown[k] = trial;
      hooks.onChange(trial, shown);
    };
    const end = runTrial(trials, { number: k + 1, suggestion, earlier, plan, now: hooks.now, update });
    // A defect is thrown where it is awaited; until then it must not end the process.
    end.catch(() => {});
    ends.push(end);
  }
  await Promise.all(ends);
  return shown;
}

interface TrialTask {
  readonly number: number;
  readonly suggestion: Suggestion;
  /** What the median rule compares with. */
  readonly earlier: readonly TunedTrial[];
  readonly plan: TuningPlan;
  readonly now: () => number;
  readonly update: (trial: TunedTrial) => void;
}

async function runTrial(trials: Trials, task: TrialTask): Promise<void> {
  const { number, suggestion, earlier, now, update } = task;
  const { objective, earlyStopping, fixed } = task.plan;
  const curves = earlier.map(({ epochs }) => epochs.map(objective.of));
  const started = now();
  const epochs: EpochRecord[] = [];
  const describe = (state: TunedTrial['state'], more: Partial<TunedTrial> = {}): TunedTrial => {
    return { number, ...suggestion, state, epochs: [...epochs], seconds: (now() - started) / 1000, ...more };
  };
  const onEpoch = (record: EpochRecord): void => {
    epochs.push(record);
    update(describe('running'));
  };
  const stopWhen = (all: readonly EpochRecord[]): boolean =>
    earlyStopping && stopEarly({ running: all.map(objective.of), earlier: curves, objective: objective.direction });
  update(describe('running'));
  try {
    const run = await trials.run({ ...fixed, ...suggestion.text }, { onEpoch, stopWhen });
    update(describe('finished', { run, epochs: run.epochs, value: objective.of(run.best), pValue: run.chance.pValue }));
  } catch (error) {
    if (!isWhippetError(error)) throw error;
    update(describe('failed', { failure: error.message }));
  }
}
