import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reviveError, userError } from '../../errors/index.ts';
import { sizeOf } from './log-file.ts';
import { makeFolder } from './make-folder.ts';

/** The command itself, from src/cli/server and from dist/cli/server alike. */
const command = fileURLToPath(new URL('../../../bin/whippet', import.meta.url));

/** What `whippet up --json` prints once it answers. */
export interface Announcement {
  readonly url: string;
  readonly pid: number;
  readonly state: string;
  readonly region: string;
  readonly account: string;
}

/**
 * Starts `whippet up` in a session of its own, so that it outlives terminal and shell, and waits until it answers.
 * @param argv Arguments after `up`. Paths must be absolute.
 * @param log Absolute path of the file that gets the log and whatever else the server has to say.
 * @throws WhippetError the one that the server ended with, else WHIPPET_SERVER_DIED.
 */
export async function startInBackground(
  argv: readonly string[],
  { log, signal }: { log: string; signal: AbortSignal },
): Promise<Announcement> {
  makeFolder(dirname(log));
  const before = sizeOf(log);
  const file = openSync(log, 'a', 0o600);
  const child = spawn(process.execPath, [command, 'up', ...argv, '--json', '--log', log], {
    detached: true,
    cwd: '/',
    stdio: ['ignore', 'pipe', file],
  });
  closeSync(file);
  const giveUp = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const said = child.stdout === null ? undefined : await firstJson(child.stdout);
    if (said !== undefined && 'url' in said) return said as unknown as Announcement;
    if (said !== undefined && 'error' in said) throw reviveError(said.error as Parameters<typeof reviveError>[0]);
    const ending = await new Promise<string>((resolve) => {
      const tell = (): void => resolve(child.signalCode ?? `exit code ${child.exitCode}`);
      if (child.exitCode !== null || child.signalCode !== null) tell();
      else child.once('exit', tell);
    });
    const lines = readFileSync(log).subarray(before).toString().trimEnd().split('\n').slice(-5);
    throw userError('WHIPPET_SERVER_DIED', { ending, log, lines: lines.map((line) => `  ${line}`).join('\n') });
  } finally {
    signal.removeEventListener('abort', giveUp);
    child.stdout?.destroy();
    child.unref();
  }
}

/** The first JSON object of a stream, over as many lines as it takes; undefined where the stream ends without one. */
async function firstJson(stream: NodeJS.ReadableStream): Promise<Record<string, unknown> | undefined> {
  let text = '';
  for await (const chunk of stream) {
    text += chunk.toString();
    try {
      return JSON.parse(text);
    } catch {
      // Not all of it yet.
    }
  }
  return undefined;
}
