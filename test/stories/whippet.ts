/** Runs the command as a user does: bin/whippet in a child process, with caches of its own. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../..', import.meta.url));

const sharedData = join(repository, '..', 'shared', 'data');

/** A path below the shared data, or why a test must be skipped. */
export function shared(...parts: string[]): { path: string; skip: string | false } {
  const path = join(sharedData, ...parts);
  return { path, skip: existsSync(path) ? false : `${path} is not there` };
}

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Started {
  readonly match: RegExpExecArray;
  /** Resolves once its standard output matches, from its beginning on. */
  shows(pattern: RegExp): Promise<RegExpExecArray>;
  stop(): Promise<Finished>;
}

export interface Whippet {
  /** A fresh temporary folder: the working directory of all commands. */
  readonly home: string;
  run(argv: readonly string[], options?: { input?: Uint8Array; signal?: AbortSignal }): Promise<Finished>;
  /** Starts a command that goes on; resolves once `ready` matches its standard output. */
  start(argv: readonly string[], ready: RegExp): Promise<Started>;
}

export async function whippetIn(prefix: string): Promise<Whippet> {
  const home = await mkdtemp(join(tmpdir(), `whippet-${prefix}-`));
  const env = {
    ...process.env,
    WHIPPET_CACHE: join(home, 'cache'),
    WHIPPET_LEDGER: join(home, 'ledger'),
    NO_COLOR: '1',
  };
  const launch = (argv: readonly string[]) =>
    spawn(process.execPath, [join(repository, 'bin', 'whippet'), ...argv], { cwd: home, env, stdio: 'pipe' });

  return {
    home,
    async run(argv, options = {}) {
      const child = launch(argv);
      options.signal?.addEventListener('abort', () => child.kill('SIGINT'), { once: true });
      child.stdin.on('error', () => {}).end(options.input ?? '');
      return finished(child);
    },
    async start(argv, ready) {
      const child = launch(argv);
      const end = finished(child);
      let text = '';
      const shows = (pattern: RegExp): Promise<RegExpExecArray> =>
        new Promise((resolve, reject) => {
          const look = (): void => {
            const found = pattern.exec(text);
            if (found === null) return;
            child.stdout.off('data', look);
            resolve(found);
          };
          child.stdout.on('data', look);
          look();
          void end.then(({ code, err }) => reject(new Error(`ended with ${code}: ${err}`)));
        });
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      return {
        match: await shows(ready),
        shows,
        stop: () => {
          child.kill('SIGTERM');
          return end;
        },
      };
    },
  };
}

function finished(child: ReturnType<typeof spawn>): Promise<Finished> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}
