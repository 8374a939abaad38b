import { eventBytes, type StoredEvent } from './events.ts';
import { firstPosition, type Position, startOf, type Token } from './position.ts';
import { pageBytes } from './search.ts';

/** As many events as fit into a page, at least one where there is one. Closes what it reads from. */
export function takePage(events: Iterable<StoredEvent>, limit: number): StoredEvent[] {
  const page: StoredEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    bytes += eventBytes(event);
    if (page.length > 0 && bytes > pageBytes) break;
    page.push(event);
    if (page.length === limit) break;
  }
  return page;
}

export interface PageTokens {
  readonly forward: Token;
  readonly backward: Token;
}

/**
 * Where to go on from a page, in ascending order, in either direction. An empty page leads back to where it was asked from: the token
 * that was given comes back, which tells clients that they are at the end, and its counterpart turns round without leaving out or
 * repeating an event.
 * @param from startTime, for a first page.
 */
export function tokensOf(
  page: readonly StoredEvent[],
  { given, from }: { given?: Token | undefined; from?: number | undefined },
): PageTokens {
  const first = page[0];
  const last = page.at(-1);
  if (first && last) return { forward: forwards(last), backward: backwards(first) };
  if (given?.direction === 'f') return { forward: given, backward: backwards(moved(given.position, 1)) };
  if (given?.direction === 'b') return { forward: forwards(moved(given.position, -1)), backward: given };
  const start = from === undefined ? firstPosition : startOf(from);
  return { forward: forwards(start), backward: backwards(start) };
}

function forwards({ timestamp, sequence }: Position): Token {
  return { direction: 'f', position: { timestamp, sequence } };
}

function backwards({ timestamp, sequence }: Position): Token {
  return { direction: 'b', position: { timestamp, sequence } };
}

/** Before the first event of a timestamp there is nothing to step back over. */
function moved({ timestamp, sequence }: Position, by: 1 | -1): Position {
  const step = Math.min(Math.max(sequence + by, 0), Number.MAX_SAFE_INTEGER);
  return { timestamp, sequence: step };
}
