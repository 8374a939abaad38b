import { type Command, Option } from 'commander';
import { type Hyperparameter, hyperparameters, type TrainOptions } from '../../engine/index.ts';
import { type Context, listener } from '../context.ts';
import {
  addBackboneFlags,
  addDatasetFlags,
  addWorkFlags,
  type BackboneFlags,
  type DatasetFlags,
  type WorkFlags,
  wholeNumber,
} from './flags.ts';

/** The flags that say how a model is trained. */
export interface TrainingFlags extends DatasetFlags, BackboneFlags, WorkFlags {
  readonly out: string;
  readonly seed: number;
  readonly views: string;
  readonly head?: string;
  readonly audit: boolean;
  readonly pictures: boolean;
}

/** `--head 128` is the short name of `--hidden 128`. */
const aliases: Readonly<Record<string, string>> = { hidden: 'head' };

export function addTrainingFlags(command: Command): void {
  command
    .option('-o, --out <folder>', 'where the model goes; FOLDER.tar.gz is written beside it', 'model')
    .option('--seed <n>', 'the same seed gives the same model', wholeNumber(0, 2 ** 31 - 1), 0)
    .option('--no-audit', 'do not look for wrong labels among the training pictures')
    .option('--no-pictures', 'no pictures and no file names in the report and the model (private data)');
  addDatasetFlags(command);
  addBackboneFlags(command);
  command
    .option('--views <views>', 'center, "center,flip", or a number of random crops of each training picture', 'center')
    .optionsGroup('Head:');
  for (const [name, definition] of Object.entries(hyperparameters)) command.addOption(flagFor(name, definition));
  addWorkFlags(command);
}

/** Without a default of commander's own, so that only what was given reaches the engine, which has the defaults. */
function flagFor(name: string, definition: Hyperparameter): Option {
  const flag = (aliases[name] ?? name).replaceAll('_', '-');
  const choices = definition.type === 'choice' ? `${definition.choices.join(', ')}; ` : '';
  return new Option(`--${flag} <value>`, `${definition.doc} (${choices}default: ${definition.default})`);
}

/** What the flags ask of the engine. */
export function trainOptionsOf(flags: TrainingFlags, context: Context): TrainOptions {
  const { environment } = context;
  const values = flags as unknown as Readonly<Record<string, unknown>>;
  const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const given: Record<string, string> = {};
  for (const name of Object.keys(hyperparameters)) {
    const value = values[camel(aliases[name] ?? name)];
    if (typeof value === 'string') given[name] = value;
  }
  const { size, resize, mean, std, interpolation } = flags;
  return {
    out: flags.out,
    dataset: { labelsFile: flags.labels, groupBy: flags.groupBy },
    allowLeakage: flags.allowLeakage === true,
    backbone: {
      spec: flags.backbone,
      device: flags.device,
      features: flags.features,
      weightsFile: flags.weights,
      preprocessing: { size, resize, mean, std, interpolation },
      proxy: environment.proxy,
      mirror: environment.mirror,
    },
    views: flags.views,
    seed: flags.seed,
    hyperparameters: given,
    audit: flags.audit,
    pictures: flags.pictures,
    strict: flags.strict === true,
    workers: flags.workers ?? context.cores,
    cacheDirectory: environment.cacheDirectory,
    onEvent: listener(context),
    signal: context.signal,
  };
}
