import type { Ending } from '../../engine/index.ts';
import type { Point } from '../../tuning/index.ts';
import { percent } from '../terminal/numbers.ts';
import { printable } from '../terminal/table.ts';
import type { TunedTrial, TuningObjective } from './tune-search.ts';

/** A searched value at four digits, which tell trials apart; `--json` and the page have them all. */
export function valueInWords(value: number | string): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : printable(value);
}

/** "learning_rate 0.0021  batch_size 64"; values at least `width` wide, so that lines below each other align. */
export function pointInWords(point: Point, width = 0): string {
  return Object.entries(point)
    .map(([name, value]) => `${name} ${valueInWords(value).padEnd(width)}`)
    .join('  ');
}

/** An objective's value as people read it: a share in percent, a loss with four decimals. */
export function objectiveInWords(value: number | undefined, { name }: TuningObjective): string {
  if (value === undefined) return '–';
  return name === 'validation:accuracy' ? percent(value) : value.toFixed(4);
}

const endings: Readonly<Record<Ending, string>> = {
  completed: 'to the end',
  'early-stopping': 'no longer better',
  interrupted: 'interrupted',
  rule: 'stopped by a rule',
  tuning: 'stopped: worse than others',
};

/** How a trial ended: its best epoch and why there were no more, or what it failed of. */
export function endInWords({ state, run, failure, epochs }: TunedTrial): string {
  if (state === 'running') return `epoch ${epochs.length}`;
  if (!run) return `failed: ${printable(failure ?? '')}`;
  return `epoch ${run.bestEpoch} of ${run.epochs.length}, ${endings[run.stopped]}`;
}
