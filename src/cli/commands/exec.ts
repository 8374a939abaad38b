import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { type ExecFlags, runExec } from '../run/exec.ts';
import { addStateFlag } from './state-flag.ts';

export function define(command: Command, context: Context): void {
  command
    .usage('[options] -- <command...>')
    .argument('<command...>', 'what to run, with its arguments')
    .passThroughOptions();
  addStateFlag(command);
  command
    .addHelpText('after', examples)
    .action((argv: readonly string[], flags: ExecFlags) => runExec(argv, flags, context));
}

const examples = `
The command gets address, root key and region of the server. Profiles, session
tokens and other addresses are kept from it. It ends with the command's exit
code. \`aws\` gets --endpoint-url too: versions before 1.29 and 2.13 do not know
AWS_ENDPOINT_URL. boto3 knows it from 1.28 on; older ones need
endpoint_url=os.environ['AWS_ENDPOINT_URL'].

Examples:
  whippet exec -- aws s3 cp --recursive photos s3://my-data/
  whippet exec -- python3 train.py
  whippet exec -- bash
`;
