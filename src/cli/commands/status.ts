import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { runStatus, type StatusFlags } from '../run/status.ts';
import { addStateFlag } from './state-flag.ts';

export function define(command: Command, context: Context): void {
  addStateFlag(command);
  command
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nEnds with 1 where no server runs.\n\nExamples:\n  whippet status\n  whippet status --json\n',
    )
    .action((flags: StatusFlags) => runStatus(flags, context));
}
