import { Command } from 'commander';
import { whippetVersion } from '../entry/index.ts';
import type { Context } from './context.ts';

interface CommandModule {
  /** Adds arguments, flags and the action. */
  define(command: Command, context: Context): void;
}

interface CommandEntry {
  readonly name: string;
  readonly group: 'Model:' | 'Server:';
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

const commands: readonly CommandEntry[] = [
  {
    name: 'train',
    group: 'Model:',
    summary: 'train a classifier on a folder of labelled pictures',
    load: () => import('./commands/train.ts'),
  },
  {
    name: 'tune',
    group: 'Model:',
    summary: 'search for the hyperparameters that suit a data set, and train with them',
    load: () => import('./commands/tune.ts'),
  },
  {
    name: 'evaluate',
    group: 'Model:',
    summary: 'measure a model on the test split, and record that it was opened',
    load: () => import('./commands/evaluate.ts'),
  },
  {
    name: 'predict',
    group: 'Model:',
    summary: 'classify pictures: how sure, and how unlike anything seen',
    load: () => import('./commands/predict.ts'),
  },
  {
    name: 'explain',
    group: 'Model:',
    summary: 'show where the model looked, and the training pictures it was reminded of',
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'serve',
    group: 'Model:',
    summary: 'answer /ping, /invocations and /metrics over HTTP',
    load: () => import('./commands/serve.ts'),
  },
  {
    name: 'container',
    group: 'Model:',
    summary: "train and serve by SageMaker's container contract: what runs in the image",
    load: () => import('./commands/container.ts'),
  },
  {
    name: 'data',
    group: 'Model:',
    summary: 'check, draw and fetch data sets',
    load: () => import('./commands/data.ts'),
  },
  {
    name: 'up',
    group: 'Server:',
    summary: 'start a local AWS: S3, STS, IAM, CloudWatch and its logs, SageMaker, for any AWS client',
    load: () => import('./commands/up.ts'),
  },
  {
    name: 'exec',
    group: 'Server:',
    summary: 'run a command that talks to the local AWS and to nothing else',
    load: () => import('./commands/exec.ts'),
  },
  {
    name: 'env',
    group: 'Server:',
    summary: 'print what points a shell at the local AWS, or write a profile',
    load: () => import('./commands/env.ts'),
  },
  {
    name: 'status',
    group: 'Server:',
    summary: 'show the server, and what it holds',
    load: () => import('./commands/status.ts'),
  },
  {
    name: 'logs',
    group: 'Server:',
    summary: 'show and follow log groups',
    load: () => import('./commands/logs.ts'),
  },
  {
    name: 'down',
    group: 'Server:',
    summary: 'stop the server',
    load: () => import('./commands/down.ts'),
  },
  {
    name: 'reset',
    group: 'Server:',
    summary: 'remove all that a state holds',
    load: () => import('./commands/reset.ts'),
  },
  {
    name: 'doctor',
    group: 'Server:',
    summary: 'check the state, its surroundings and the AWS clients here; repair what can be',
    load: () => import('./commands/doctor.ts'),
  },
];

/** Only the command that is asked for is loaded in full, so that `--help` and typing errors are answered at once. */
export async function buildProgram(context: Context, argv: readonly string[]): Promise<Command> {
  const program = new Command('whippet')
    .description(
      'From a folder of labelled pictures to a model that predicts, explains itself and serves; and a local AWS.',
    )
    .version(whippetVersion(), '-V, --version')
    .helpCommand(false)
    // What follows the command of `exec` are that command's options.
    .enablePositionalOptions()
    .showHelpAfterError('(whippet --help lists the commands; whippet COMMAND --help explains one)')
    .configureOutput({
      writeOut: context.out,
      writeErr: context.note,
      outputError: (text, write) => write(`${context.noteStyle.red('✗')} ${text.replace(/^error: /, '')}`),
    })
    .exitOverride();
  for (const { name, group, summary, load } of commands) {
    program.commandsGroup(group);
    const command = program
      .command(name)
      .summary(summary)
      .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`);
    if (argv.includes(name)) (await load()).define(command, context);
  }
  return program;
}
