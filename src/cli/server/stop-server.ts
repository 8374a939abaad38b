import { setTimeout as wait } from 'node:timers/promises';
import { isWhippetError, userError } from '../../errors/index.ts';
import type { LocalServer } from './find-server.ts';
import { askToStop, hasEnded } from './private-api.ts';
import { livesSince } from './process-age.ts';

/** The server lets requests end for 2 s; what it writes then takes no longer. */
const patienceSeconds = 15;
const pollMilliseconds = 25;

/** The address goes first, then the state is closed and the process ends. One that goes on for purposes of its own is not waited for. */
const lastWordsSeconds = 2;

/**
 * Asks the server to end, tells its process to if it does not answer, and waits until it is gone.
 * @throws WhippetError WHIPPET_SERVER_STUCK
 */
export async function stopServer(server: LocalServer, signal: AbortSignal): Promise<void> {
  await askToStop(server).catch((error: unknown) => {
    if (!isWhippetError(error)) throw error;
    signalProcess(server);
  });
  const gone = await becomes(() => hasEnded(server), patienceSeconds, signal);
  if (!gone) throw userError('WHIPPET_SERVER_STUCK', { pid: server.pid, seconds: patienceSeconds });
  await becomes(async () => !livesSince(server.pid, new Date(server.startedAt)), lastWordsSeconds, signal);
}

/** Whether it comes true in time. */
async function becomes(state: () => Promise<boolean>, seconds: number, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await state())) {
    if (performance.now() > deadline) return false;
    await wait(pollMilliseconds, undefined, { signal });
  }
  return true;
}

/** Looked at again just before: between the two the process may have ended, and its id gone to another. */
function signalProcess({ pid, startedAt }: LocalServer): void {
  if (!livesSince(pid, new Date(startedAt))) return;
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
