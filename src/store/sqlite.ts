import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import { userError } from '../errors/index.ts';

/**
 * Loaded when a state is opened, since the commands that need none run on a Node without SQLite too. Node 22.13 has it, 22.16 the
 * property that tells whether a transaction is still there.
 * @throws WHIPPET_STORE_NODE
 */
export async function loadSqlite(): Promise<typeof import('node:sqlite')> {
  let cause: unknown;
  try {
    const sqlite = await import('node:sqlite');
    const probe = new sqlite.DatabaseSync(':memory:');
    const isComplete = typeof probe.isTransaction === 'boolean';
    probe.close();
    if (isComplete) return sqlite;
  } catch (error) {
    cause = error;
  }
  throw userError('WHIPPET_STORE_NODE', { version: process.versions.node }, cause);
}

/**
 * Makes the file of a database, for its owner only: SQLite gives its companions (-wal, -shm) the mode of the file itself, and
 * the mode it would choose lets everyone read. A symbolic link in its place is refused.
 */
export async function prepareDatabaseFile(path: string, directory: string): Promise<void> {
  try {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    await (await open(path, flags, 0o600)).close();
    return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  if (!(await lstat(path)).isFile()) {
    throw userError('WHIPPET_STORE_DIRECTORY', { directory, reason: `${path} is not a regular file` });
  }
}

/** One number that a pragma answers with. */
export function pragmaNumber(connection: DatabaseSync, name: string): number {
  return Number(Object.values(connection.prepare(`PRAGMA ${name}`).get() ?? {})[0] ?? 0);
}
