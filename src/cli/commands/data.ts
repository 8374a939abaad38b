import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { type CheckFlags, type FetchFlags, runCheck, runFetch, runSample, type SampleFlags } from '../run/data.ts';
import { addDatasetFlags, wholeNumber } from './flags.ts';

export function define(command: Command, context: Context): void {
  defineCheck(command, context);
  command
    .command('sample')
    .description('Draw a data set of invented dog breeds: 12 classes, 672 pictures, the same for the same seed.')
    .argument('<folder>', 'where it goes; it must not exist or be empty')
    .option('--seed <n>', 'another seed draws other dogs', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--json', 'print the result as JSON')
    .action((folder: string, flags: SampleFlags) => runSample(folder, flags, context));
  command
    .command('fetch')
    .description('Download a data set: resumable, verified against its lock file, unpacked safely.')
    .argument('[name]', 'dog-breeds: 133 breeds, 8,351 photos, 1.1 GB; without a name, lists what there is')
    .argument('[folder]', 'where it goes (default: the name)')
    .option('--json', 'print the result as JSON')
    .action((name: string | undefined, folder: string | undefined, flags: FetchFlags) =>
      runFetch({ name, folder, flags }, context),
    );
}

function defineCheck(command: Command, context: Context): void {
  const check = command
    .command('check')
    .description(
      'Say what is in a data set and what is wrong with it. Ends with 1 when something makes its figures worthless.',
    )
    .argument('<photos>', 'the data set, as for train')
    .option('--audit <model>', 'also rank suspected wrong labels, by heads trained on the model’s features')
    .option('--gallery <file>', 'with --audit: where the suspects are shown', 'audit.html')
    .option(
      '--workers <n>',
      'with --audit: processes that run the backbone (default: one per core)',
      wholeNumber(1, 256),
    )
    .option('--json', 'print the result as JSON');
  addDatasetFlags(check);
  check.action((photos: string, flags: CheckFlags) => runCheck(photos, flags, context));
}
