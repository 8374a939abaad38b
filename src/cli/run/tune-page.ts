import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type PlottedTrial, renderTrials } from '../../engine/index.ts';
import { type ParameterRange, pointAt, positionOf, winnerOf } from '../../tuning/index.ts';
import type { TunedTrial, TuningPlan } from './tune-search.ts';
import { ranked } from './tune-summary.ts';
import { endInWords, objectiveInWords, valueInWords } from './tune-words.ts';

interface TuningPage {
  readonly photos: string;
  readonly plan: TuningPlan;
  readonly trials: readonly TunedTrial[];
}

/** The trials as a page to look at; written whether or not one of them won. */
export async function writeTuningPage(path: string, { photos, plan, trials }: TuningPage): Promise<void> {
  const { objective, ranges, strategy, seed, parallel, earlyStopping } = plan;
  const winner = winnerOf(trials, objective.direction);
  const stopping = earlyStopping ? 'trials worse than the median were stopped' : 'no trial was stopped early';
  const page = renderTrials({
    root: resolve(photos),
    search: `${trials.length} trials, ${strategy} search with seed ${seed}, ${parallel} at a time; ${stopping}.`,
    objective: { ...objective, format: (value) => objectiveInWords(value, objective) },
    parameters: ranges.map((range) => ({ name: range.name, ticks: marksOf(range) })),
    trials: ranked(trials, objective.direction).map((trial) =>
      plotted(trial, { plan, isWinner: trial.number === winner?.number }),
    ),
  });
  await writeFile(path, page);
}

function plotted(trial: TunedTrial, { plan, isWinner }: { plan: TuningPlan; isWinner: boolean }): PlottedTrial {
  const { ranges, objective } = plan;
  const { number, point, value, epochs, seconds, state } = trial;
  return {
    ...{ number, value, seconds, isWinner, failed: state === 'failed', ended: endInWords(trial) },
    values: ranges.map(({ name }) => valueInWords(point[name] ?? '')),
    positions: positionOf(point, ranges),
    curve: epochs.map(objective.of),
  };
}

/** All categories; of a number the ends and three values between, as its scale spreads them. */
function marksOf(range: ParameterRange): { text: string; position: number }[] {
  const marks = range.kind === 'categorical' ? range.values : [0, 0.25, 0.5, 0.75, 1].map((at) => valueAt(at, range));
  return [...new Set(marks)].map((value) => {
    const [position = 0] = positionOf({ [range.name]: value }, [range]);
    return { text: valueInWords(value), position };
  });
}

function valueAt(position: number, range: ParameterRange): number | string {
  return pointAt([position], [range])[range.name] ?? '';
}
