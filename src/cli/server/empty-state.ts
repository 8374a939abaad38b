import { chmod, lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { userError } from '../../errors/index.ts';
import { withClaim } from './claim-state.ts';
import { isState, stateFiles } from './state-folder.ts';

/**
 * What holds data, the database first: without it nothing else is reachable, so that a reset that breaks off has happened all the same.
 * Its write-ahead log means nothing to a new one: SQLite drops the log of an empty database.
 */
const data =
  /^(state\.db(-wal|-shm)?|blobs|copies|damaged|sagemaker|server\.json(\.part)?|server\.log(\.\d+)?|lock\.json)$/;
/** What clients were given. */
const keys = /^credentials\.json(\.part)?$/;
/** What is left once the keys are gone too. */
const rest = /^(\.gitignore|lock\.db(-journal)?)$/;

/**
 * Removes all that a state holds, and its keys if `all`. Files that are not the state's stay, for a folder with other things in it may have
 * been made one.
 * @throws WhippetError WHIPPET_SERVER_NO_STATE, WHIPPET_STORE_LOCKED
 */
export async function emptyState(directory: string, { all }: { all: boolean }): Promise<void> {
  if (!isState(directory)) throw userError('WHIPPET_SERVER_NO_STATE', { directory });
  await withClaim(directory, async () => {
    const names = (await readdir(directory)).filter((name) => data.test(name) || (all && keys.test(name)));
    const first = names.filter((name) => name === stateFiles.database);
    for (const name of [...first, ...names]) await removeTree(join(directory, name));
  });
  if (!all) return;
  for (const name of (await readdir(directory)).filter((entry) => rest.test(entry))) await rm(join(directory, name));
  // Another's file keeps the folder.
  await rmdir(directory).catch(() => {});
}

/** Processes of jobs may have left folders that not even their owner can look into. */
async function removeTree(path: string): Promise<void> {
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true });
  await remove().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EACCES' && error.code !== 'EPERM') throw error;
    await openFolders(path);
    await remove();
  });
}

async function openFolders(path: string): Promise<void> {
  if (!(await lstat(path)).isDirectory()) return;
  await chmod(path, 0o700);
  for (const name of await readdir(path)) await openFolders(join(path, name));
}
