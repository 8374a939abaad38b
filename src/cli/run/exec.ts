import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { basename } from 'node:path';
import { type StateFlag, stateOf } from '../commands/state-flag.ts';
import type { Context } from '../context.ts';
import { changed, sealedEnvironment } from '../server/aws-environment.ts';
import { answeringServer } from '../server/private-api.ts';
import { printable } from '../terminal/table.ts';

export type ExecFlags = StateFlag;

/** Runs a command that knows of the server and of nothing else, and ends as it ends. */
export async function runExec(argv: readonly string[], flags: ExecFlags, context: Context): Promise<void> {
  const server = await answeringServer(stateOf(flags, context));
  const [command = '', ...args] = withEndpoint(argv, server.url);
  const { variables } = context.environment;
  const ending = await run(command, args, {
    env: changed(variables, sealedEnvironment(server, variables)),
    releaseSignals: context.releaseSignals,
  });
  if (ending.error) {
    const { message, code } = ending.error;
    const reason = code === 'ENOENT' ? 'there is no such command' : message;
    context.note(`${context.noteStyle.red('✗')} ${printable(command)} cannot be run: ${reason}.\n`);
    // As shells and env(1) end then.
    context.exitCode = code === 'ENOENT' ? 127 : 126;
  } else if (ending.signal !== null) {
    // Dying of what the command died of tells the caller the same; where that cannot be, its number does.
    process.kill(process.pid, ending.signal);
    context.exitCode = 128 + constants.signals[ending.signal];
  } else context.exitCode = ending.code ?? 1;
}

/**
 * The AWS CLI takes AWS_ENDPOINT_URL since 1.29 and 2.13. Older ones, Debian's among them, would go to AWS with the local key. Every one
 * takes the option, so its version need not be asked for, which takes half a second.
 */
export function withEndpoint(argv: readonly string[], url: string): readonly string[] {
  const [command = '', ...args] = argv;
  const given = args.some((argument) => argument === '--endpoint-url' || argument.startsWith('--endpoint-url='));
  return basename(command) === 'aws' && !given ? [command, '--endpoint-url', url, ...args] : argv;
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: NodeJS.ErrnoException;
}

const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const;

interface Hand {
  readonly env: NodeJS.ProcessEnv;
  /** Called once the signals are in this hand. */
  readonly releaseSignals: () => void;
}

async function run(command: string, args: readonly string[], { env, releaseSignals }: Hand): Promise<Ending> {
  let child: ChildProcess | undefined;
  // A terminal sends Ctrl-C to the command as well; passing it on would count as pressing it twice.
  const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  const passers = passedOn.map((signal) => {
    const twice = atTerminal && (signal === 'SIGINT' || signal === 'SIGQUIT');
    return { signal, pass: () => void (twice || child?.kill(signal)) };
  });
  // Before the command starts: a signal that came between the two would end this process and leave the command behind.
  for (const { signal, pass } of passers) process.on(signal, pass);
  releaseSignals();
  try {
    const started = spawn(command, args, { stdio: 'inherit', env });
    child = started;
    return await new Promise<Ending>((resolve) => {
      started.once('error', (error) => resolve({ code: null, signal: null, error }));
      started.once('exit', (code, signal) => resolve({ code, signal }));
    });
  } finally {
    for (const { signal, pass } of passers) process.off(signal, pass);
  }
}
