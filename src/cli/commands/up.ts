import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { runUp, type UpFlags } from '../run/up.ts';
import { wholeNumber } from './flags.ts';
import { addStateFlag } from './state-flag.ts';

export function define(command: Command, context: Context): void {
  command.option('-p, --port <port>', 'TCP port; 0 takes a free one', wholeNumber(0, 65535), 4566);
  addStateFlag(command);
  command
    .option('-d, --detach', 'run in the background, and return once it answers')
    .option('--region <region>', 'region of clients that name none', 'us-east-1')
    .option('--listen <address>', 'address to listen on; any but a loopback one lets other machines in', '127.0.0.1')
    .option('--quiet', 'show no requests')
    .option('--log <file>', 'write the log to this file: JSON lines, at most 10 MB and as much again of older ones')
    .option('--json', 'print the address as JSON, and the log as JSON lines')
    .addHelpText('after', examples)
    .action((flags: UpFlags) => runUp(flags, context));
}

const examples = `
Ctrl-C stops it; a second one does not wait. It may be killed at any moment:
nothing acknowledged is lost.

Examples:
  whippet up
  whippet up --detach --port 0
  whippet up --state /tmp/other --port 4567
`;
