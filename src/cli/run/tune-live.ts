import { bestOf } from '../../tuning/index.ts';
import type { Context } from '../context.ts';
import { duration } from '../terminal/progress.ts';
import { fit } from '../terminal/table.ts';
import type { TunedTrial, TuningPlan } from './tune-search.ts';
import { endInWords, objectiveInWords, pointInWords } from './tune-words.ts';

export interface LiveTrials {
  show(trial: TunedTrial, trials: readonly TunedTrial[]): void;
  /** Wipes the line of what runs. */
  clear(): void;
}

/** A line for each trial that ends; in a terminal also one, drawn anew, of those that run. */
export function liveTrials(plan: TuningPlan, context: Context): LiveTrials {
  const { note, noteStyle: style, terminal } = context;
  const width = String(plan.trials).length;
  let drawn = false;
  const clear = (): void => {
    if (drawn) note('\r\x1b[K');
    drawn = false;
  };
  const end = (trial: TunedTrial, trials: readonly TunedTrial[]): void => {
    const isBest = bestOf(trials, plan.objective.direction)?.number === trial.number;
    const place = `${String(trial.number).padStart(width)} of ${plan.trials}`;
    const value = objectiveInWords(trial.value, plan.objective);
    const line = [
      style.dim(place),
      pointInWords(trial.point, 9),
      trial.run ? style.bold(value.padStart(7)) : style.red('✗'.padStart(7)),
      style.dim(`${endInWords(trial)}  ${duration(trial.seconds)}`),
      ...(isBest ? [style.green('best so far')] : []),
    ];
    clear();
    note(`  ${line.join('  ')}\n`);
  };
  return {
    clear,
    show(trial, trials) {
      if (trial.state !== 'running') end(trial, trials);
      if (!terminal.note) return;
      note(`\r\x1b[K${style.cyan(fit(`  ${running(trials, plan)}`, Math.max(20, context.noteColumns() - 1)))}`);
      drawn = true;
    },
  };
}

function running(trials: readonly TunedTrial[], { objective, trials: most }: TuningPlan): string {
  const now = trials.filter(({ state }) => state === 'running');
  const each = now.map(({ number, epochs }) => {
    const last = epochs.at(-1);
    return `trial ${number}: epoch ${epochs.length}${last ? `, ${objectiveInWords(objective.of(last), objective)}` : ''}`;
  });
  return [`${trials.length - now.length} of ${most} done`, ...each].join(' · ');
}
