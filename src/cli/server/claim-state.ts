import { join } from 'node:path';
import { userError } from '../../errors/index.ts';
import { findServer } from './find-server.ts';
import { stateFiles } from './state-folder.ts';

/**
 * Runs `work` while no server can open the state: it holds the lock that a server would take, SQLite's exclusive one on an empty
 * database.
 * @throws WhippetError WHIPPET_STORE_LOCKED, WHIPPET_STORE_NODE
 */
export async function withClaim<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const { DatabaseSync } = await import('node:sqlite').catch((error: unknown) => {
    throw userError('WHIPPET_STORE_NODE', { version: process.versions.node }, error);
  });
  const connection = new DatabaseSync(join(directory, stateFiles.lock));
  try {
    connection.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
    return await work();
  } catch (error) {
    if (!/database is locked/.test((error as Error).message)) throw error;
    const server = await findServer(directory);
    const occupant = server && `the server ${server.url} (pid ${server.pid})`;
    throw userError('WHIPPET_STORE_LOCKED', { directory, occupant }, error);
  } finally {
    connection.close();
  }
}
