import { availableParallelism } from 'node:os';
import { CommanderError } from 'commander';
import { isWhippetError, type WhippetError } from '../errors/index.ts';
import type { Context } from './context.ts';
import { readEnvironment } from './environment.ts';
import { buildProgram } from './program.ts';
import { confirm } from './terminal/confirm.ts';
import { progressOn } from './terminal/progress.ts';
import { styleFor } from './terminal/style.ts';

/** Runs one command. Returns the exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
export async function main(argv: readonly string[]): Promise<number> {
  const interruption = new AbortController();
  let interruptedAt = 0;
  const onSignal = (): void => {
    // The second Ctrl-C does not wait for a clean end. One key press can arrive twice, through npm and from the terminal.
    if (interruption.signal.aborted && performance.now() - interruptedAt > 500) process.exit(130);
    interruptedAt ||= performance.now();
    interruption.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // A reader that went away (`whippet … | head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
  });
  // Nobody is left to hear of it, and a server goes on without.
  process.stderr.on('error', () => {});
  const releaseSignals = (): void => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
  const context = createContext(interruption.signal, releaseSignals);
  const own = ownArguments(argv);
  try {
    const program = await buildProgram(context, own);
    await program.parseAsync([...own.map(dashed), ...argv.slice(own.length)], { from: 'user' });
    return context.exitCode;
  } catch (error) {
    context.progress.clear();
    return report(error, context, own.includes('--json'));
  } finally {
    releaseSignals();
  }
}

/** Arguments that are Whippet's to read: not file names after `--`, nor the command that `exec` hands on as it is. */
function ownArguments(argv: readonly string[]): readonly string[] {
  const end = argv[0] === 'exec' ? 1 : argv.indexOf('--');
  return end < 0 ? argv : argv.slice(0, end);
}

/** `--learning_rate` is the founding spelling of `--learning-rate`. */
function dashed(argument: string): string {
  const flag = /^--[a-z][a-z0-9_]*(?==|$)/.exec(argument)?.[0];
  return flag ? flag.replaceAll('_', '-') + argument.slice(flag.length) : argument;
}

function createContext(signal: AbortSignal, releaseSignals: () => void): Context {
  const environment = readEnvironment(process.env);
  const style = styleFor(process.stdout.isTTY === true && !environment.noColor);
  const noteStyle = styleFor(process.stderr.isTTY === true && !environment.noColor);
  return {
    environment,
    out: (text) => void process.stdout.write(text),
    note: (text) => void process.stderr.write(text),
    progress: progressOn({ stream: process.stderr, style: noteStyle, now: () => performance.now() }),
    style,
    noteStyle,
    readInput: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    },
    signal,
    releaseSignals,
    noteColumns: () => process.stderr.columns ?? 120,
    terminal: {
      input: process.stdin.isTTY === true,
      out: process.stdout.isTTY === true,
      note: process.stderr.isTTY === true,
    },
    confirm: (question) => confirm(question, signal),
    cwd: process.cwd(),
    cores: availableParallelism(),
    exitCode: 0,
  };
}

function report(error: unknown, context: Context, json: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (context.signal.aborted) {
    context.note('Interrupted.\n');
    return 130;
  }
  if (isWhippetError(error)) {
    if (json) context.out(`${JSON.stringify({ error }, null, 2)}\n`);
    else context.note(describe(error, context));
    return error.exitCode;
  }
  context.note(
    `${context.noteStyle.red('Whippet failed by a defect of its own:')} ${(error as Error)?.stack ?? String(error)}\n`,
  );
  return 1;
}

function describe(error: WhippetError, { noteStyle }: Context): string {
  return `${noteStyle.red('✗')} ${error.message}\n  ${error.remedy} ${noteStyle.dim(`(${error.code})`)}\n`;
}
