import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { type ExplainFlags, runExplain } from '../run/explain.ts';
import { wholeNumber } from './flags.ts';

export function define(command: Command, context: Context): void {
  command
    .argument('<model>', 'model folder or model.tar.gz')
    .argument('<picture>', 'the picture to explain')
    .option('-o, --out <file>', 'the page; the heat map alone is written beside it as PNG', 'explanation.html')
    .option('--photos <folder>', 'where the training pictures are now, if they have moved')
    .option('--neighbours <k>', 'how many training pictures to show', wholeNumber(0, 50), 6)
    .option('--json', 'print the result as JSON')
    .action((model: string, picture: string, flags: ExplainFlags) => runExplain({ model, picture, flags }, context));
}
