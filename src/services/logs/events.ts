import type { Position, Range } from './position.ts';
import type { LogsState } from './state.ts';
import type { LogStream } from './streams.ts';

export interface LogEvent {
  /** When it happened: milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

export interface StoredEvent extends LogEvent, Position {
  /** When it came: milliseconds since 1970. */
  readonly ingestion: number;
}

/** What AWS counts for each event beside its message. */
const overhead = 26;

/** Size as PutLogEvents and the pages of answers count it. */
export function eventBytes({ message }: LogEvent): number {
  return Buffer.byteLength(message) + overhead;
}

/** Adds events to a stream, in one transaction. They may be in any order. @returns sequence of the last one. */
export function storeEvents(stream: LogStream, events: readonly LogEvent[], { database, clock }: LogsState): number {
  const ingestion = clock.now().getTime();
  return database.transaction(() => {
    const last = reserve(events.length, { database });
    let sequence = last - events.length;
    let bytes = 0;
    let first = Number.POSITIVE_INFINITY;
    let newest = Number.NEGATIVE_INFINITY;
    for (const event of events) {
      const { timestamp, message } = event;
      database.run(
        'INSERT INTO log_events VALUES (?, ?, ?, ?, ?)',
        stream.id,
        timestamp,
        ++sequence,
        ingestion,
        message,
      );
      bytes += eventBytes(event);
      first = Math.min(first, timestamp);
      newest = Math.max(newest, timestamp);
    }
    if (events.length === 0) return last;
    database.run(
      `UPDATE log_streams SET
         first_event = MIN(COALESCE(first_event, ?), ?), last_event = MAX(COALESCE(last_event, ?), ?),
         last_ingestion = ?, last_sequence = ?, bytes = bytes + ?
       WHERE id = ?`,
      ...[first, first, newest, newest, ingestion, last, bytes, stream.id],
    );
    database.run('UPDATE log_groups SET bytes = bytes + ? WHERE id = ?', bytes, stream.log_group);
    return last;
  });
}

function reserve(count: number, { database }: Pick<LogsState, 'database'>): number {
  const row = database.get<{ value: number }>('UPDATE log_sequence SET value = value + ? RETURNING value', count);
  return (row as { value: number }).value;
}

export interface ReadOptions {
  readonly range: Range;
  readonly order: 'ascending' | 'descending';
}

/** One by one, for as long as they are asked for. Nothing may be awaited between. */
export function readEvents(
  stream: Pick<LogStream, 'id'>,
  { range: { after, before }, order }: ReadOptions,
  { database }: LogsState,
): IterableIterator<StoredEvent> {
  const direction = order === 'ascending' ? '' : 'DESC';
  return database.iterate<StoredEvent>(
    `SELECT timestamp, sequence, ingestion, message FROM log_events
     WHERE stream = ? AND (timestamp, sequence) > (?, ?) AND (timestamp, sequence) < (?, ?)
     ORDER BY timestamp ${direction}, sequence ${direction}`,
    ...[stream.id, after.timestamp, after.sequence, before.timestamp, before.sequence],
  );
}

/** Events before the timestamp go, at most `limit` of them. @returns how many went. */
export function expireEvents(
  stream: Pick<LogStream, 'id' | 'log_group'>,
  { before, limit }: { before: number; limit: number },
  { database }: LogsState,
): number {
  return database.transaction(() => {
    const gone = deleteEvents(stream, { before, limit }, { database });
    if (gone.length === 0) return 0;
    const bytes = gone.reduce((sum, row) => sum + row.bytes + overhead, 0);
    database.run(
      `UPDATE log_streams SET bytes = bytes - ?1,
         first_event = COALESCE((SELECT MIN(timestamp) FROM log_events WHERE stream = ?2), first_event)
       WHERE id = ?2`,
      bytes,
      stream.id,
    );
    database.run('UPDATE log_groups SET bytes = bytes - ? WHERE id = ?', bytes, stream.log_group);
    return gone.length;
  });
}

export function deleteEvents(
  stream: Pick<LogStream, 'id'>,
  { before, limit }: { before: number; limit: number },
  { database }: Pick<LogsState, 'database'>,
): { readonly bytes: number }[] {
  return database.all<{ bytes: number }>(
    `DELETE FROM log_events WHERE stream = ?1 AND (timestamp, sequence) IN
       (SELECT timestamp, sequence FROM log_events WHERE stream = ?1 AND timestamp < ?2 ORDER BY timestamp, sequence LIMIT ?3)
     RETURNING octet_length(message) AS bytes`,
    ...[stream.id, before, limit],
  );
}
