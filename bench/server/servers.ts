/** The server, and what it is compared with: each in a process of its own, on a port of its own. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Keys } from '../../test/server/signing.ts';

export interface Running {
  readonly name: 'whippet' | 'moto' | 'bare';
  readonly url: string;
  readonly pid: number;
  readonly keys: Keys;
  /** Milliseconds from the start of its process until it said that it is ready, or answered. */
  readonly startMilliseconds: number;
  stop(): Promise<void>;
}

const anyKeys: Keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'bench' };

/** `whippet up`, as a user starts it; its log goes to a file. */
export async function startWhippet(packageFolder: string, state: string): Promise<Running> {
  const began = performance.now();
  const argv = [join(packageFolder, 'bin/whippet'), 'up', '--port', '0', '--state', state, '--json'];
  const log = openSync(`${state}.log`, 'a');
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', log] });
  closeSync(log);
  const { url, pid } = await firstJson<{ url: string; pid: number }>(child);
  const startMilliseconds = performance.now() - began;
  const keys = JSON.parse(readFileSync(join(state, 'credentials.json'), 'utf8')) as Keys;
  return { name: 'whippet', url, pid, keys, startMilliseconds, stop: () => stopped(child) };
}

/** Moto's server; it takes any keys. */
export async function startMoto(program: string): Promise<Running> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const began = performance.now();
  const child = spawn(program, ['-p', String(port)], { stdio: 'ignore' });
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  while (!(await answers(url))) {
    if (ended) throw new Error(`${program} ended before it answered.`);
  }
  const startMilliseconds = performance.now() - began;
  return { name: 'moto', url, pid: child.pid!, keys: anyKeys, startMilliseconds, stop: () => stopped(child) };
}

/** What any server must do that keeps files: see bare.ts. */
export async function startBare(folder: string): Promise<Running> {
  const began = performance.now();
  const child = fork(new URL('./bare.ts', import.meta.url), [folder], { execArgv: [] });
  const [url] = (await once(child, 'message')) as [string];
  const startMilliseconds = performance.now() - began;
  return { name: 'bare', url, pid: child.pid!, keys: anyKeys, startMilliseconds, stop: () => stopped(child) };
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

/** What a process prints first, over as many lines as it takes. */
async function firstJson<T>(child: ChildProcess): Promise<T> {
  let text = '';
  for await (const chunk of child.stdout!.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    try {
      return JSON.parse(text) as T;
    } catch {
      // Not all of it yet.
    }
  }
  throw new Error(`${child.spawnargs.join(' ')} ended after: ${text}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/moto-api/`).then(
    () => true,
    () => new Promise((resolve) => setTimeout(resolve, 5, false)),
  );
}
