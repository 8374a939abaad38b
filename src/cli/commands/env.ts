import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Context } from '../context.ts';
import { type EnvFlags, runEnv } from '../run/env.ts';
import { shells } from '../server/shell-lines.ts';
import { addStateFlag } from './state-flag.ts';

export function define(command: Command, context: Context): void {
  addStateFlag(command);
  command
    .addOption(new Option('--shell <shell>', 'whose language to print (default: that of SHELL)').choices(shells))
    .option('--profile [name]', 'write an AWS profile instead (default name: whippet)', profileName)
    .option('-y, --yes', 'with --profile: write without asking')
    .option('--json', 'print the variables as JSON')
    .addHelpText('after', examples)
    .action((flags: EnvFlags) => runEnv(flags, context));
}

/** Names that need no quotation marks in AWS's files. */
function profileName(text: string): string {
  if (/^[A-Za-z0-9_.@+-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be of letters, digits and _ . @ + -');
}

const examples = `
Examples:
  eval "$(whippet env)"              # bash, zsh, dash
  whippet env --shell fish | source
  whippet env --profile              # then: aws --profile whippet s3 ls
`;
