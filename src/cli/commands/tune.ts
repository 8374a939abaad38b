import { type Command, InvalidArgumentError, Option } from 'commander';
import { userError } from '../../errors/index.ts';
import { type ParameterRange, type Strategy, sizeOf, tuningLimits } from '../../tuning/index.ts';
import type { Context } from '../context.ts';
import { defaultPage, runTune } from '../run/tune.ts';
import { parseRange } from '../run/tune-ranges.ts';
import { objectives, type TuningObjective, type TuningPlan } from '../run/tune-search.ts';
import { wholeNumber } from './flags.ts';
import { addTrainingFlags, type TrainingFlags, trainOptionsOf } from './training-flags.ts';

interface TuneFlags extends TrainingFlags {
  readonly range?: readonly string[];
  readonly strategy: Strategy;
  readonly trials?: number;
  readonly parallel: number;
  readonly objective: TuningObjective;
  readonly earlyStopping?: boolean;
  readonly page?: string;
  readonly json?: boolean;
}

const defaultTrials = 16;

export function define(command: Command, context: Context): void {
  command
    .argument('<photos>', 'folder with train/ valid/ test/ and a folder per class in each, or with a folder per class')
    .option('--range <name=values>', 'what to search: MINIMUM..MAXIMUM[:log] or VALUE,VALUE,…; once per name', collect)
    .addOption(
      new Option('--strategy <name>', 'how points are chosen; a grid takes values with commas only')
        .choices(['bayesian', 'random', 'grid'])
        .default('bayesian'),
    )
    .option(
      '--trials <n>',
      `how many heads are trained (default: ${defaultTrials}; the whole of a grid)`,
      wholeNumber(1, tuningLimits.trials),
    )
    .option(
      '--parallel <n>',
      'trials at a time; the same number gives the same trials',
      wholeNumber(1, tuningLimits.parallel),
      2,
    )
    .addOption(
      new Option('--objective <metric>', 'validation:accuracy or validation:loss')
        .argParser(objectiveOf)
        .default(objectives[0], objectives[0]?.name),
    )
    .option('--early-stopping', 'stop a trial that is worse than the median of those before it')
    .option('--page <file>', 'where the trials are shown (default: MODEL-tuning.html)')
    .option('--json', 'print the result as JSON');
  addTrainingFlags(command);
  command.addHelpText('after', examples).action(async (photos: string, flags: TuneFlags) => {
    const options = trainOptionsOf(flags, context);
    const plan = planOf(flags, options.hyperparameters);
    const page = flags.page ?? defaultPage(flags.out);
    await runTune(photos, { plan, options, page, json: flags.json === true }, context);
  });
}

function collect(text: string, earlier: readonly string[] = []): string[] {
  return [...earlier, text];
}

function objectiveOf(text: string): TuningObjective {
  const found = objectives.find(({ name }) => name === text);
  if (found) return found;
  const test = text.startsWith('test:') ? ' The test split stays closed while choosing.' : '';
  throw new InvalidArgumentError(`It must be ${objectives.map(({ name }) => name).join(' or ')}.${test}`);
}

function planOf(flags: TuneFlags, fixed: Readonly<Record<string, string>>): TuningPlan {
  if (flags.range === undefined) throw userError('WHIPPET_TUNING_NO_RANGE', {});
  const ranges = flags.range.map((text) => rangeOf(text, fixed));
  const { strategy, parallel, objective, seed } = flags;
  const points = strategy === 'grid' ? sizeOf(ranges) : Number.POSITIVE_INFINITY;
  const trials = Math.min(points, flags.trials ?? (Number.isFinite(points) ? points : defaultTrials));
  return { strategy, ranges, objective, trials, parallel, seed, fixed, earlyStopping: flags.earlyStopping === true };
}

function rangeOf(text: string, fixed: Readonly<Record<string, string>>): ParameterRange {
  const range = parseRange(text);
  if (Object.hasOwn(fixed, range.name)) {
    throw userError('WHIPPET_TUNING_RANGE', { text, reason: `${range.name} is given a fixed value as well` });
  }
  return range;
}

const examples = `
Examples:
  whippet tune photos/ --range learning_rate=0.0005..0.05:log \\
    --range batch_size=32,64,128,256
  whippet tune photos/ --range weight_decay=0.1..100:log --range head=0,64,256 \\
    --trials 40 --early-stopping
  whippet tune photos/ --strategy grid --range optimizer=adam,adamw \\
    --range label_smoothing=0,0.1 --epochs 20
`;
