/** `whippet up` in a process of its own, to be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Endpoint } from '../driver.ts';

export const program = fileURLToPath(new URL('../../../bin/whippet', import.meta.url));

export interface KilledServer extends Endpoint {
  readonly child: ChildProcess;
}

/** Folders of a server: all that it may write. */
export interface ServerPlaces {
  readonly state: string;
  /** TMPDIR of the server. */
  readonly temporary: string;
  /** File of its log. */
  readonly log: string;
}

/** Begins to start a server; it may be killed before it answers. */
export function spawnServer({ state, temporary, log }: ServerPlaces): ChildProcess {
  const argv = ['up', '--json', '--quiet', '--port', '0', '--state', state, '--log', log];
  const env = { ...process.env, TMPDIR: temporary, WHIPPET_CACHE: join(temporary, '..', 'cache') };
  return spawn(process.execPath, [program, ...argv], { stdio: ['ignore', 'pipe', 'inherit'], env });
}

/** Resolves once it answers. */
export async function startKillable(places: ServerPlaces): Promise<KilledServer> {
  const child = spawnServer(places);
  if (child.stdout === null) throw new TypeError('There is no pipe to the server.');
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line) as { url: string };
    const credentials = JSON.parse(await readFile(join(places.state, 'credentials.json'), 'utf8'));
    return { child, url, credentials };
  }
  throw new Error(`The server did not start; ${places.log} may say why.`);
}

/** @returns when it is gone. */
export async function kill(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

/** The most memory that a process has had, in MiB; 0 where it has ended. */
export function peakMemory({ pid }: ChildProcess): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
