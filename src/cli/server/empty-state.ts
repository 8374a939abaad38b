import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { userError } from '../../errors/index.ts';
import { withClaim } from './claim-state.ts';
import { isState, stateFiles } from './state-folder.ts';

/**
 * What holds data, the database first: without it nothing else is reachable, so that a reset that breaks off has happened all the same.
 * Its write-ahead log means nothing to a new one: SQLite drops the log of an empty database.
 */
const data = /^(state\.db(-wal|-shm)?|blobs|copies|damaged|server\.json(\.part)?|server\.log(\.\d+)?|lock\.json)$/;
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
    for (const name of [...first, ...names]) await rm(join(directory, name), { recursive: true, force: true });
  });
  if (!all) return;
  for (const name of (await readdir(directory)).filter((entry) => rest.test(entry))) await rm(join(directory, name));
  // Another's file keeps the folder.
  await rmdir(directory).catch(() => {});
}
