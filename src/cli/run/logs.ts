import { setTimeout as wait } from 'node:timers/promises';
import { type StateFlag, stateOf } from '../commands/state-flag.ts';
import type { Context } from '../context.ts';
import type { LocalServer } from '../server/find-server.ts';
import { type LogEvent, type LogGroup, logEvents, logGroups } from '../server/log-events.ts';
import { answeringServer } from '../server/private-api.ts';
import { formatBytes } from '../terminal/progress.ts';
import { fitEnd, printable, table } from '../terminal/table.ts';

export interface LogsFlags extends StateFlag {
  readonly follow?: boolean;
  readonly stream?: string;
  readonly since?: Date;
  readonly filter?: string;
  readonly json?: boolean;
}

/** Prints a group's events, oldest first, or the groups there are. */
export async function runLogs(group: string | undefined, flags: LogsFlags, context: Context): Promise<void> {
  const server = await answeringServer(stateOf(flags, context));
  if (group === undefined) return listGroups(server, flags, context);
  try {
    await (flags.follow ? follow(server, group, { flags, context }) : once(server, group, { flags, context }));
  } catch (error) {
    if (!context.signal.aborted) throw error;
    // Ctrl-C is how following ends: nothing to be told, but scripts see it.
    context.exitCode = 130;
  }
}

interface View {
  readonly flags: LogsFlags;
  readonly context: Context;
}

async function once(server: LocalServer, group: string, view: View): Promise<void> {
  let shown = 0;
  for await (const event of logEvents(server, queryOf(group, view.flags), view.context.signal)) {
    show(event, view);
    shown++;
  }
  if (shown === 0) view.context.note(view.context.noteStyle.dim(`No events in ${printable(group)} match.\n`));
}

const pollMilliseconds = 1_000;
/** Events may arrive with times somewhat in the past: a writer gathers them for seconds before it sends them. */
const lookBack = 30_000;

/** Asks again and again, as CloudWatch has no other way. Each event is shown once, although the spans that are asked for overlap. */
async function follow(server: LocalServer, group: string, view: View): Promise<void> {
  const { signal } = view.context;
  const seen = new Map<string, number>();
  let latest = 0;
  for (;;) {
    const from = latest === 0 ? undefined : latest - lookBack;
    const query = queryOf(group, view.flags);
    for await (const event of logEvents(
      server,
      from === undefined ? query : { ...query, from: Math.max(from, query.from ?? 0) },
      signal,
    )) {
      if (seen.has(event.eventId)) continue;
      seen.set(event.eventId, event.timestamp);
      latest = Math.max(latest, event.timestamp);
      show(event, view);
    }
    for (const [id, time] of seen) if (time < latest - lookBack) seen.delete(id);
    await wait(pollMilliseconds, undefined, { signal });
  }
}

function queryOf(group: string, { stream, since, filter }: LogsFlags): Parameters<typeof logEvents>[1] {
  return { group, streamPrefix: stream, terms: filter, from: since?.getTime() };
}

function show(event: LogEvent, { flags, context }: View): void {
  if (flags.json) {
    context.out(`${JSON.stringify(event)}\n`);
    return;
  }
  const { style } = context;
  const time = new Date(event.timestamp).toISOString();
  const lines = event.message
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map(printable);
  const stream = fitEnd(printable(event.logStreamName), 32);
  context.out(`${style.dim(time)}  ${style.cyan(stream)}  ${lines.join('\n    ')}\n`);
}

async function listGroups(server: LocalServer, { json }: LogsFlags, context: Context): Promise<void> {
  const groups: LogGroup[] = [];
  for await (const group of logGroups(server, context.signal)) groups.push(group);
  if (json) {
    for (const group of groups) context.out(`${JSON.stringify(group)}\n`);
    return;
  }
  if (groups.length === 0) {
    context.note('There are no log groups.\n');
    return;
  }
  const rows = groups.map(({ logGroupName, storedBytes = 0, retentionInDays }) => [
    printable(logGroupName),
    formatBytes(storedBytes),
    retentionInDays === undefined ? 'kept for ever' : `kept ${retentionInDays} days`,
  ]);
  context.out(table(rows, 'lrl'));
}
