import { writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { whippetVersion } from '../../entry/index.ts';
import { type StateFlag, stateOf } from '../commands/state-flag.ts';
import type { Context } from '../context.ts';
import { type Announcement, startInBackground } from '../server/background.ts';
import { openLogFile } from '../server/log-file.ts';
import { makeFolder } from '../server/make-folder.ts';
import { stateFiles, stateFolder } from '../server/state-folder.ts';
import { shortPath } from '../terminal/paths.ts';
import { logLine } from '../terminal/request-line.ts';
import { servedServices, serviceName } from '../terminal/service-names.ts';

export interface UpFlags extends StateFlag {
  readonly port: number;
  readonly listen: string;
  readonly region: string;
  readonly detach?: boolean;
  readonly quiet?: boolean;
  readonly log?: string;
  readonly json?: boolean;
}

/** Starts the server: here, until Ctrl-C or `whippet down`, or in the background. */
export async function runUp(flags: UpFlags, context: Context): Promise<void> {
  const directory = stateOf(flags, context);
  if (!isLoopback(flags.listen)) context.note(exposure(flags.listen, context));
  await (flags.detach ? background(directory, flags, context) : foreground(directory, flags, context));
}

async function foreground(directory: string, flags: UpFlags, context: Context): Promise<void> {
  makeFolder(directory);
  const log = openLog(flags, context);
  try {
    // Loaded here, as --detach has no need of it.
    const { startServer } = await import('../../server/index.ts');
    const { port, listen, region } = flags;
    const server = await startServer({ port, listen, region, state: directory, onLog: log.write });
    await hideFromGit(directory);
    const { url, account, state } = server;
    announce({ url, pid: process.pid, state, region, account }, flags, context);
    await Promise.race([server.stopped, aborted(context.signal)]);
    if (context.signal.aborted) context.note(`${context.terminal.note ? '\r' : ''}Stopping …\n`);
    await server.stop();
    context.note('Stopped.\n');
  } finally {
    log.close();
  }
}

async function background(directory: string, flags: UpFlags, context: Context): Promise<void> {
  const { port, listen, region, quiet } = flags;
  const log = flags.log === undefined ? join(directory, stateFiles.log) : resolve(context.cwd, flags.log);
  const argv = ['--state', directory, '--port', String(port), '--listen', listen, '--region', region];
  const started = await startInBackground([...argv, ...(quiet ? ['--quiet'] : [])], { log, signal: context.signal });
  announce({ ...started, log }, flags, context);
}

/** Where lines of the log go: a file, or standard error, readable where somebody reads it. */
function openLog(
  { log, quiet, json }: UpFlags,
  { terminal, note, noteStyle, noteColumns, cwd }: Context,
): ReturnType<typeof openLogFile> {
  const file = log === undefined ? undefined : openLogFile(resolve(cwd, log));
  const readable = !json && terminal.note;
  const write =
    file?.write ?? ((line: string) => note(`${readable ? logLine(line, noteStyle, noteColumns()) : line}\n`));
  return {
    write: (line) => {
      if (!(quiet && line.includes('"message":"request"'))) write(line);
    },
    close: () => file?.close(),
  };
}

/** The state holds a secret key: it must not get into a repository by `git add .`. */
async function hideFromGit(directory: string): Promise<void> {
  await writeFile(join(directory, '.gitignore'), '*\n', { flag: 'wx', mode: 0o600 }).catch(() => {});
}

function announce(server: Announcement & { readonly log?: string }, flags: UpFlags, context: Context): void {
  context.out(flags.json ? `${JSON.stringify(server)}\n` : banner(server, flags, context));
}

function banner(server: Announcement & { readonly log?: string }, flags: UpFlags, context: Context): string {
  const { style } = context;
  const found = stateFolder({ variable: context.environment.state, cwd: context.cwd }) === server.state;
  const option = found ? '' : ` --state ${shortPath(server.state, context.cwd)}`;
  const uses = [
    [`whippet exec${option} -- aws s3 mb s3://my-data`, 'any command'],
    [`eval "$(whippet env${option})"`, 'this shell'],
    ["import { startServer } from 'whippet/server'", 'your tests'],
  ] as const;
  const width = Math.max(...uses.map(([use]) => use.length));
  const facts = [
    ['State', shortPath(server.state, context.cwd)],
    ['Serves', `${servedServices.map(serviceName).join(', ')}`],
    ['As', `account ${server.account}, region ${server.region}`],
    ...(server.log === undefined ? [] : [['Log', shortPath(server.log, context.cwd)]]),
  ];
  const end = flags.detach
    ? `It runs in the background (pid ${server.pid}). whippet down${option} stops it.`
    : 'Ctrl-C stops it.';
  return [
    `${style.green('●')} ${style.bold(`Whippet ${whippetVersion()}`)} is a local AWS at ${style.bold(style.cyan(server.url))}`,
    '',
    ...facts.map(([name = '', value]) => `  ${style.dim(name.padEnd(8))}${value}`),
    '',
    ...uses.map(
      ([use, what], index) =>
        `  ${style.dim((index === 0 ? 'Use' : '').padEnd(8))}${use.padEnd(width)}  ${style.dim(what)}`,
    ),
    '',
    `  ${style.dim(end)}`,
    '',
    '',
  ].join('\n');
}

function exposure(address: string, { noteStyle }: Context): string {
  return (
    `${noteStyle.yellow('!')} Listening on ${address}: other machines can reach this server. Signatures are checked, but nothing is ` +
    'encrypted, and whoever has the root key has everything. Only in networks that you trust.\n'
  );
}

function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((end) => signal.addEventListener('abort', () => end(), { once: true }));
}
