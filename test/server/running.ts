import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerOptions, WhippetServer } from '../../src/server/index.ts';
import { startServerWith } from '../../src/server/start-server.ts';
import { type Caller, callerOf } from './client.ts';

/** What has an end: a test, or a file of tests. */
export interface Scope {
  after(work: () => Promise<unknown>): void;
}

/** The scope of a file's `before`, given node:test's `after`, which has to be called outside of it. */
export function fileScope(after: (work: () => Promise<unknown>) => void): Scope {
  const works: (() => Promise<unknown>)[] = [];
  after(async () => {
    for (const work of works.reverse()) await work();
  });
  return { after: (work) => void works.push(work) };
}

export interface Running {
  readonly server: WhippetServer;
  readonly url: string;
  /** The root user. */
  readonly root: Caller;
  /** Every line of the server's log so far. */
  readonly log: readonly string[];
  /** Moves the server's clock and the root caller's by so many seconds. */
  pass(seconds: number): void;
}

/** A server on a port of its own that lives as long as the scope. */
export async function running(scope: Scope, options: ServerOptions = {}): Promise<Running> {
  const log: string[] = [];
  let offset = 0;
  const now = (): Date => new Date(Date.now() + offset);
  const all = { port: 0, state: 'memory', onLog: (line: string) => void log.push(line), ...options };
  const server = await startServerWith(all, { clock: { now } });
  scope.after(() => server.stop());
  const root = callerOf(server.url, server.credentials, now);
  const pass = (seconds: number): void => {
    offset += seconds * 1000;
  };
  return { server, url: server.url, root, log, pass };
}

export async function temporaryFolder(scope: Scope): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'whippet-test-'));
  scope.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
