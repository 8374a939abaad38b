import { type LogEvent, storeEvents } from './events.ts';
import { insertGroup, requireGroup } from './groups.ts';
import type { LogsState, Place } from './state.ts';
import { insertStream, requireStream } from './streams.ts';

export interface LogTarget extends Place {
  readonly group: string;
  readonly stream: string;
}

/** An event that PutLogEvents would take: 1 MB less what AWS counts beside the message. */
const largestMessage = 1_048_576 - 26;

/**
 * Logs of what runs here, without a request: group and stream are made where they are missing, timestamps may be of any age, and a
 * message that is too long for one event becomes several.
 */
export function appendEvents(target: LogTarget, events: readonly LogEvent[], state: LogsState): void {
  state.database.transaction(() => {
    insertGroup(target, { name: target.group }, state);
    const group = requireGroup(target, target.group, state);
    insertStream(group, target.stream, state);
    storeEvents(requireStream(group, target.stream, state), events.flatMap(divided), state);
  });
}

function divided(event: LogEvent): LogEvent[] {
  if (event.message.length * 3 <= largestMessage) return [event];
  const bytes = Buffer.from(event.message);
  const parts: LogEvent[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = characterStart(bytes, Math.min(start + largestMessage, bytes.length));
    parts.push({ timestamp: event.timestamp, message: bytes.toString('utf8', start, end) });
    start = end;
  }
  return parts;
}

/** Bytes 10xxxxxx go on with a character. */
function characterStart(bytes: Buffer, at: number): number {
  let start = at;
  while (start < bytes.length && ((bytes[start] as number) & 0xc0) === 0x80) start--;
  return start;
}
