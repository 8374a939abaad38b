import { availableParallelism } from 'node:os';
import { CommanderError } from 'commander';
import { isWhippetError, type WhippetError } from '../errors/index.ts';
import type { Context } from './context.ts';
import { readEnvironment } from './environment.ts';
import { buildProgram } from './program.ts';
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
  const context = createContext(interruption.signal);
  try {
    const program = await buildProgram(context, argv);
    await program.parseAsync(argv.map(dashed), { from: 'user' });
    return context.exitCode;
  } catch (error) {
    context.progress.clear();
    return report(error, context, argv.includes('--json'));
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

/** `--learning_rate` is the founding spelling of `--learning-rate`. */
function dashed(argument: string): string {
  const flag = /^--[a-z][a-z0-9_]*(?==|$)/.exec(argument)?.[0];
  return flag ? flag.replaceAll('_', '-') + argument.slice(flag.length) : argument;
}

function createContext(signal: AbortSignal): Context {
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
