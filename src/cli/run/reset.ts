import { userError } from '../../errors/index.ts';
import { type StateFlag, stateOf } from '../commands/state-flag.ts';
import type { Context } from '../context.ts';
import { emptyState } from '../server/empty-state.ts';
import { findServer } from '../server/find-server.ts';
import { isState } from '../server/state-folder.ts';
import { stopServer } from '../server/stop-server.ts';
import { shortPath } from '../terminal/paths.ts';

export interface ResetFlags extends StateFlag {
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Removes what a state holds, once somebody has said yes. */
export async function runReset(flags: ResetFlags, context: Context): Promise<void> {
  const { terminal, noteStyle, cwd, signal } = context;
  const { force = false, all = false } = flags;
  const directory = stateOf(flags, context);
  if (!isState(directory)) throw userError('WHIPPET_SERVER_NO_STATE', { directory });
  const server = await findServer(directory);
  if (server && !force) throw userError('WHIPPET_SERVER_RUNNING', { directory, url: server.url, pid: server.pid });
  const state = shortPath(directory, cwd);
  if (!flags.yes) {
    if (!terminal.input || !terminal.note)
      throw userError('WHIPPET_CLI_CONFIRM', { what: `Removing what ${state} holds` });
    const what = all ? 'Everything, the root key too,' : 'Every bucket, object, role, job, log and metric';
    if (!(await context.confirm(`${what} in ${state} will be gone for good. Remove it?`))) {
      context.note('Nothing was removed.\n');
      context.exitCode = 1;
      return;
    }
  }
  if (server) await stopServer(server, signal);
  await emptyState(directory, { all });
  if (flags.json) context.out(`${JSON.stringify({ state: directory, stopped: server !== undefined, all })}\n`);
  else context.note(`${noteStyle.green('✓')} ${state} is empty${all ? '' : '. Its root key is as before'}.\n`);
}
