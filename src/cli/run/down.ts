import { type StateFlag, stateOf } from '../commands/state-flag.ts';
import type { Context } from '../context.ts';
import { findServer } from '../server/find-server.ts';
import { stopServer } from '../server/stop-server.ts';
import { shortPath } from '../terminal/paths.ts';

export interface DownFlags extends StateFlag {
  readonly json?: boolean;
}

/** Stops the server of a state. That none runs is as wanted, so no failure. */
export async function runDown(flags: DownFlags, context: Context): Promise<void> {
  const directory = stateOf(flags, context);
  const server = await findServer(directory);
  if (server) await stopServer(server, context.signal);
  if (flags.json) {
    context.out(
      `${JSON.stringify({ stopped: server !== undefined, ...(server && { url: server.url, pid: server.pid }) })}\n`,
    );
    return;
  }
  const state = shortPath(directory, context.cwd);
  context.note(
    server
      ? `${context.noteStyle.green('✓')} Stopped ${server.url} (pid ${server.pid}). Its state stays in ${state}.\n`
      : `No server runs on the state ${state}.\n`,
  );
}
