import type { Database, SqlValue } from '../../store/index.ts';
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
    if (events.length === 0) return last;
    const before = last - events.length;
    insertRows(
      events.map(({ timestamp, message }, index) => [stream.id, timestamp, before + index + 1, ingestion, message]),
      database,
    );
    const bytes = events.reduce((sum, event) => sum + eventBytes(event), 0);
    const first = events.reduce((least, { timestamp }) => Math.min(least, timestamp), Number.POSITIVE_INFINITY);
    const newest = events.reduce((most, { timestamp }) => Math.max(most, timestamp), Number.NEGATIVE_INFINITY);
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

/** So many rows in one statement cost half of what they do in as many statements. */
const rowsAtOnce = 50;
const insertOne = 'INSERT INTO log_events VALUES (?, ?, ?, ?, ?)';
const insertMany = insertOne + ', (?, ?, ?, ?, ?)'.repeat(rowsAtOnce - 1);

function insertRows(rows: readonly SqlValue[][], database: Database): void {
  const portions = Math.floor(rows.length / rowsAtOnce);
  for (let portion = 0; portion < portions; portion++) {
    database.run(insertMany, ...rows.slice(portion * rowsAtOnce, (portion + 1) * rowsAtOnce).flat());
  }
  for (const row of rows.slice(portions * rowsAtOnce)) database.run(insertOne, ...row);
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
