import { isBetter, isFinished, type Objective } from '../../tuning/index.ts';
import { count, estimate, percent } from '../terminal/numbers.ts';
import { shortPath } from '../terminal/paths.ts';
import { duration } from '../terminal/progress.ts';
import type { Style } from '../terminal/style.ts';
import { fit, printable, table } from '../terminal/table.ts';
import type { TuningOutcome } from './tune.ts';
import type { TunedTrial, TuningPlan } from './tune-search.ts';
import { endInWords, objectiveInWords, pointInWords, valueInWords } from './tune-words.ts';

/** The best first, the failed last. */
export function ranked(trials: readonly TunedTrial[], direction: Objective): TunedTrial[] {
  const finished = trials.filter(isFinished);
  const rest = trials.filter((trial) => !isFinished(trial));
  return [...finished.sort((a, b) => order(a.value, b.value, direction) || a.number - b.number), ...rest];
}

function order(a: number, b: number, direction: Objective): number {
  if (a === b) return 0;
  return isBetter(a, b, direction) ? -1 : 1;
}

export function tuningSummary(
  { trials, plan, winner, result, page, photos, seconds }: TuningOutcome,
  style: Style,
): string {
  const { artifact, run, report } = result;
  const { top1, chance, warning } = run.evaluation;
  const blind = Math.max(chance.largestClass, chance.uniform);
  const rows = [
    ['search', `${plan.strategy}, ${count(trials.length)} trials, ${plan.parallel} at a time, seed ${plan.seed}`],
    ['winner', `trial ${winner.number}: ${pointInWords(winner.point)}`],
    ['valid', `${style.bold(percent(top1.value))} top-1 ${style.dim(estimate(top1))}, chance ${percent(blind)}`],
    [
      'written',
      [`${shortPath(artifact.folder)}/`, ...[artifact.archive, report, page].map((path) => shortPath(path))].join('  '),
    ],
    ['time', duration(seconds)],
  ].map(([name = '', text = '']) => [`  ${style.dim(name)}`, text]);
  const flattered = `  ${style.dim(`Its figure on valid flatters: it is the best of ${count(trials.length)} that valid chose from.`)}\n`;
  const next = `Next: whippet evaluate ${shortPath(artifact.folder)} ${printable(photos)}   opens the test split\n`;
  const loud = warning ? `${style.red('✗')} ${warning}\n` : '';
  return `${trialTable(trials, plan, style)}\n${table(rows, 'll')}${flattered}${loud}\n${next}`;
}

const mostRows = 20;

function trialTable(trials: readonly TunedTrial[], plan: TuningPlan, style: Style): string {
  const { objective, ranges } = plan;
  const other = objective.name === 'validation:loss' ? 'accuracy' : 'loss';
  const head = ['trial', ...ranges.map(({ name }) => name), objective.name, other, 'ended', ''].map((text) =>
    style.dim(text),
  );
  const all = ranked(trials, objective.direction);
  const rows = all.slice(0, mostRows).map((trial) => {
    const best = trial.run?.best;
    const otherValue = other === 'loss' ? best?.validLoss.toFixed(4) : best && percent(best.validAccuracy);
    return [
      String(trial.number),
      ...ranges.map(({ name }) => valueInWords(trial.point[name] ?? '')),
      objectiveInWords(trial.value, objective),
      otherValue ?? '–',
      fit(endInWords(trial), 60),
      duration(trial.seconds),
    ];
  });
  const hidden = all.length - rows.length;
  const note = hidden > 0 ? style.dim(`  … and ${hidden} more in the page\n`) : '';
  const indented = [head, ...rows].map(([first = '', ...rest]) => [`  ${first}`, ...rest]);
  return `${table(indented, `r${'r'.repeat(ranges.length)}rrlr`)}${note}`;
}

export function interruptedSummary(
  trials: readonly TunedTrial[],
  { plan, photos, page, style }: { plan: TuningPlan; photos: string; page: string; style: Style },
): string {
  const [best] = ranked(trials, plan.objective.direction);
  const flags = best
    ? Object.entries({ ...plan.fixed, ...best.text }).map(([name, value]) => ` --${flagOf(name)} ${value}`)
    : [];
  const next = best?.run
    ? `The best so far, beside your other flags: whippet train ${printable(photos)} --seed ${plan.seed}${printable(flags.join(''))}\n`
    : '';
  return `${trials.length > 0 ? trialTable(trials, plan, style) : ''}\nInterrupted: no model was written. Trials: ${shortPath(page)}\n${next}`;
}

function flagOf(name: string): string {
  return name === 'hidden' ? 'head' : name.replaceAll('_', '-');
}

export function tuningJson({ trials, plan, winner, result, page, seconds }: TuningOutcome): object {
  const { artifact, run, report } = result;
  const { top1, crossEntropy, chance, aboveChance } = run.evaluation;
  return {
    model: artifact.folder,
    archive: artifact.archive,
    report,
    page,
    digest: artifact.manifest.digest,
    strategy: plan.strategy,
    objective: { name: plan.objective.name, direction: plan.objective.direction },
    seed: plan.seed,
    winner: winner.number,
    hyperparameters: winner.text,
    valid: { pictures: run.evaluation.pictures, top1, crossEntropy, chance, aboveChance },
    trials: trials.map((trial) => trialJson(trial)),
    seconds,
  };
}

function trialJson({ number, text, state, value, run, failure, seconds }: TunedTrial): object {
  return {
    ...{ number, hyperparameters: text, state, value, failure },
    ...(run && {
      ...{ bestEpoch: run.bestEpoch, epochs: run.epochs.length, stopped: run.stopped, pValue: run.chance.pValue },
      ...{ validLoss: run.best.validLoss, validAccuracy: run.best.validAccuracy },
    }),
    seconds,
  };
}
