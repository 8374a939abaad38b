import { existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { SandboxProbe } from '../../../server/index.ts';
import { formatBytes } from '../../terminal/progress.ts';
import type { LocalServer } from '../find-server.ts';
import { stateFiles } from '../state-folder.ts';
import type { Finding, Surroundings } from './finding.ts';

/** node:sqlite, which holds the state, came with 22.13; what the state needs of it is whole since 22.16. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const good = major > 22 || (major === 22 && minor >= 16);
  if (good) return { check: 'node', level: 'ok', text: `Node ${version} has SQLite.` };
  return {
    check: 'node',
    level: 'fail',
    text: `Node ${version} lacks the SQLite that the server needs.`,
    remedy: 'Install Node 24 (https://nodejs.org).',
  };
}

const gigabyte = 1_000_000_000;

export async function checkDisk({ directory }: Surroundings): Promise<Finding> {
  let folder = directory;
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const text = `${formatBytes(free)} free where the state is.`;
  if (free >= gigabyte) return { check: 'disk', level: 'ok', text };
  // Logs, journals and half of an upload need room before a request can be refused in good order.
  return {
    check: 'disk',
    level: free < gigabyte / 10 ? 'fail' : 'warn',
    text,
    remedy: 'Make room, or choose another disk with --state.',
  };
}

/** AWS's clients sign the time; a clock that went back makes tokens live longer and lists go out of order. */
export function checkClock({ directory, now }: Surroundings): Finding {
  const written = statSync(join(directory, stateFiles.database), { throwIfNoEntry: false })?.mtime;
  const ahead = written === undefined ? 0 : (written.getTime() - now().getTime()) / 60_000;
  const time = now().toISOString().slice(0, 16).replace('T', ' ');
  if (ahead <= 1) return { check: 'clock', level: 'ok', text: `It is ${time} UTC by this clock.` };
  const text = `It is ${time} UTC by this clock, but the state was written ${Math.round(ahead)} minutes later than that.`;
  return { check: 'clock', level: 'warn', text, remedy: 'Set the clock: timedatectl set-ntp true.' };
}

/** The port that `whippet up` takes without --port. */
export async function checkPort(port: number, server: LocalServer | undefined): Promise<Finding> {
  if (server && new URL(server.url).port === String(port)) {
    return { check: 'port', level: 'ok', text: `Port ${port} is that of the server.` };
  }
  const error = await listening(port);
  if (error === undefined) return { check: 'port', level: 'ok', text: `Port ${port} is free.` };
  const reason = error === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${error})`;
  return {
    check: 'port',
    level: 'warn',
    text: `Port ${port} ${reason}.`,
    remedy: 'Take a free one: `whippet up --port 0`.',
  };
}

function listening(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(undefined)));
  });
}

/** What keeps instances from the rest of the machine, on which the server decides in the same way. */
export function checkSandbox(probe: SandboxProbe): Finding {
  if (probe.works) {
    return { check: 'sandbox', level: 'ok', text: 'bubblewrap works: processes of jobs are shut in.' };
  }
  const text = `Processes of jobs are not shut in: ${probe.reason}. They can read what you can.`;
  const isMissing = probe.reason.includes('not installed');
  return { check: 'sandbox', level: 'info', text, ...(isMissing && { remedy: 'Install the package bubblewrap.' }) };
}
