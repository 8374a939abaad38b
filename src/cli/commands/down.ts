import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { type DownFlags, runDown } from '../run/down.ts';
import { addStateFlag } from './state-flag.ts';

export function define(command: Command, context: Context): void {
  addStateFlag(command);
  command
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nWhat is stored stays. Where no server runs, there is nothing to do.\n\nExamples:\n  whippet down\n',
    )
    .action((flags: DownFlags) => runDown(flags, context));
}
