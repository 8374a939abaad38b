import { setImmediate } from 'node:timers/promises';
import type { RecurringTask } from '../../host/index.ts';
import { deleteEvents, expireEvents } from './events.ts';
import type { LogsState } from './state.ts';

const day = 86_400_000;

/** Events deleted at once, in some 10 ms: requests come between. */
const portion = 5_000;

/** Deletes what retention says, and the events of deleted streams. AWS takes up to 72 hours for it; here it is minutes. */
export function logsUpkeep(state: LogsState): RecurringTask {
  return { name: 'upkeep of logs', seconds: 300, run: (signal) => keepUp(state, signal) };
}

async function keepUp(state: LogsState, signal: AbortSignal): Promise<void> {
  await inPortions(() => expireOnce(state), signal);
  await inPortions(() => clearOnce(state), signal);
}

async function inPortions(work: () => boolean, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && work()) await setImmediate();
}

/** @returns whether there may be more. */
function expireOnce(state: LogsState): boolean {
  const now = state.clock.now().getTime();
  const stream = state.database.get<{ id: number; log_group: number; retention: number }>(
    `SELECT s.id, s.log_group, g.retention FROM log_groups g JOIN log_streams s ON s.log_group = g.id
     WHERE g.retention IS NOT NULL AND s.bytes > 0 AND s.first_event < ? - g.retention * ${day} LIMIT 1`,
    now,
  );
  if (stream === undefined) return false;
  return expireEvents(stream, { before: now - stream.retention * day, limit: portion }, state) > 0;
}

function clearOnce({ database }: LogsState): boolean {
  const leftover = database.get<{ stream: number }>('SELECT stream FROM log_leftovers LIMIT 1');
  if (leftover === undefined) return false;
  database.transaction(() => {
    const gone = deleteEvents(
      { id: leftover.stream },
      { before: Number.MAX_SAFE_INTEGER, limit: portion },
      { database },
    );
    if (gone.length < portion) database.run('DELETE FROM log_leftovers WHERE stream = ?', leftover.stream);
  });
  return true;
}
