import { type Command, Option } from 'commander';
import type { Split } from '../../engine/index.ts';
import type { Context } from '../context.ts';
import { runEvaluate } from '../run/evaluate.ts';
import { addDatasetFlags, addWorkFlags, type DatasetFlags, type WorkFlags } from './flags.ts';

export interface EvaluateFlags extends DatasetFlags, WorkFlags {
  readonly split: Split;
  readonly json?: boolean;
}

export function define(command: Command, context: Context): void {
  command
    .argument('<model>', 'model folder or model.tar.gz')
    .argument('<photos>', 'the data set, as for train')
    .addOption(new Option('--split <split>', 'what to measure on').choices(['test', 'valid', 'train']).default('test'))
    .option('--json', 'print the result as JSON');
  addDatasetFlags(command);
  addWorkFlags(command);
  command.action((model: string, photos: string, flags: EvaluateFlags) =>
    runEvaluate({ model, photos, flags }, context),
  );
}
