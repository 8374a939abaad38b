import { readFile, writeFile } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import { userError } from '../errors/index.ts';
import { isBusy } from './fault.ts';
import type { Layout } from './layout.ts';
import { loadSqlite, prepareDatabaseFile } from './sqlite.ts';

export interface Lock {
  release(): void;
}

/**
 * One user per state, by SQLite's exclusive lock on an empty database: the system drops it when the process ends, however it ends, and
 * no process id has to be believed. Nobody but SQLite may open that file: closing any descriptor of it would drop the lock (POSIX).
 * @throws WHIPPET_STORE_LOCKED
 */
export async function acquireLock(directory: string, layout: Layout): Promise<Lock> {
  const { DatabaseSync } = await loadSqlite();
  await prepareDatabaseFile(layout.lock, directory);
  let connection: DatabaseSync | undefined;
  try {
    connection = new DatabaseSync(layout.lock);
    connection.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (error) {
    connection?.close();
    if (isBusy(error))
      throw userError('WHIPPET_STORE_LOCKED', { directory, occupant: await occupantOf(layout) }, error);
    throw error;
  }
  const held = connection;
  return {
    release() {
      if (held.isOpen) held.close();
    },
  };
}

/** For the message of whoever comes second. */
export async function announceOccupant(layout: Layout): Promise<void> {
  await writeFile(layout.occupant, `${JSON.stringify({ pid: process.pid })}\n`, { mode: 0o600 });
}

/** `the server http://127.0.0.1:4566 (pid 4711)`, as far as it is known. */
async function occupantOf(layout: Layout): Promise<string | undefined> {
  const { pid } = await readJson(layout.occupant);
  const discovery = await readJson(layout.discovery);
  if (typeof pid !== 'number') return undefined;
  // A server that was killed leaves its file behind, so the address counts only where the process is the one that holds the lock.
  const isServer = discovery.pid === pid && typeof discovery.url === 'string';
  return isServer ? `the server ${discovery.url} (pid ${pid})` : `the process ${pid}`;
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
