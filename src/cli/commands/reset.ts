import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { type ResetFlags, runReset } from '../run/reset.ts';
import { addStateFlag } from './state-flag.ts';

export function define(command: Command, context: Context): void {
  addStateFlag(command);
  command
    .option('-y, --yes', 'remove without asking')
    .option('--force', 'stop a running server first')
    .option('--all', 'remove the root key too: clients with the old one are refused from then on')
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action((flags: ResetFlags) => runReset(flags, context));
}

const examples = `
Buckets, objects, roles, jobs with all their files, logs and metrics go, and
nothing brings them back. The root key stays, so profiles and scripts go on
working.

Examples:
  whippet reset
  whippet reset --yes --force
`;
