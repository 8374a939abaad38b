import { eventBytes, readEvents, type StoredEvent } from './events.ts';
import type { Matches } from './filter-pattern.ts';
import { merge, type Source } from './merge.ts';
import { compare, type Position, type Range, startOf } from './position.ts';
import type { LogsState } from './state.ts';
import type { LogStream } from './streams.ts';

export interface FoundEvent extends StoredEvent {
  readonly stream: string;
}

export interface Search {
  readonly streams: readonly LogStream[];
  readonly range: Range;
  readonly order: 'ascending' | 'descending';
  readonly matches: Matches;
  /** Events that match. */
  readonly limit: number;
}

/** A page: at most 1 MB. */
export const pageBytes = 1_048_576;

/**
 * One call looks at so much and then answers with what it found and where to go on, as AWS does: "a returned page might be partially
 * full, or even empty". Keeps a search that finds little from holding up everyone else.
 */
const scanned = { events: 20_000, bytes: 16 * 1_048_576 };

/** `next`: the last event looked at, where there may be more behind it. */
export function searchEvents(search: Search, state: LogsState): { events: FoundEvent[]; next?: Position } {
  const events: FoundEvent[] = [];
  let last: Position | undefined;
  let found = 0;
  let seen = { events: 0, bytes: 0 };
  for (const event of eventsInOrder(search, state)) {
    const size = eventBytes(event);
    const isFull = events.length >= search.limit || seen.events >= scanned.events || seen.bytes >= scanned.bytes;
    const matches = !isFull && search.matches(event.message);
    if (isFull || (matches && events.length > 0 && found + size > pageBytes)) return { events, next: last as Position };
    seen = { events: seen.events + 1, bytes: seen.bytes + size };
    last = event;
    if (!matches) continue;
    events.push(event);
    found += size;
  }
  return { events };
}

function eventsInOrder({ streams, range, order }: Search, state: LogsState): Generator<FoundEvent> {
  const sources = streams.map(
    (stream): Source<FoundEvent, Position> => ({
      bound: order === 'ascending' ? startOf(stream.first_event ?? 0) : startOf((stream.last_event ?? 0) + 1),
      open: () => named(stream, readEvents(stream, { range, order }, state)),
    }),
  );
  const ascending = order === 'ascending';
  return merge(sources, { placeOf: (event) => event, compare: ascending ? compare : (a, b) => compare(b, a) });
}

function* named(stream: LogStream, events: Iterable<StoredEvent>): Generator<FoundEvent> {
  for (const { timestamp, sequence, ingestion, message } of events) {
    yield { timestamp, sequence, ingestion, message, stream: stream.name };
  }
}
