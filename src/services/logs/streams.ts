import { streamNotFound } from './errors.ts';
import type { LogGroup } from './groups.ts';
import type { Range } from './position.ts';
import type { LogsState } from './state.ts';

export interface LogStream {
  readonly id: number;
  readonly log_group: number;
  readonly name: string;
  readonly created: number;
  /** Timestamp of the earliest event; null where there was none yet. */
  readonly first_event: number | null;
  readonly last_event: number | null;
  readonly last_ingestion: number | null;
  readonly last_sequence: number | null;
  readonly bytes: number;
}

export function findStream(group: LogGroup, name: string, { database }: LogsState): LogStream | undefined {
  return database.get<LogStream>('SELECT * FROM log_streams WHERE log_group = ? AND name = ?', group.id, name);
}

/** @throws AwsFault ResourceNotFoundException. */
export function requireStream(group: LogGroup, name: string, state: LogsState): LogStream {
  const stream = findStream(group, name, state);
  if (stream === undefined) throw streamNotFound();
  return stream;
}

/** @returns false where there is one of that name. */
export function insertStream(group: LogGroup, name: string, { database, clock }: LogsState): boolean {
  const { changes } = database.run(
    'INSERT INTO log_streams (log_group, name, created, bytes) VALUES (?, ?, ?, 0) ON CONFLICT DO NOTHING',
    group.id,
    name,
    clock.now().getTime(),
  );
  return changes > 0;
}

/** The stream is gone at once, its events with the next upkeep. */
export function deleteStream(stream: LogStream, { database }: LogsState): void {
  database.transaction(() => {
    database.run('INSERT INTO log_leftovers VALUES (?)', stream.id);
    database.run('DELETE FROM log_streams WHERE id = ?', stream.id);
    database.run('UPDATE log_groups SET bytes = bytes - ? WHERE id = ?', stream.bytes, stream.log_group);
  });
}

/** Streams with events in the range, by prefix of their names, '' for all. */
export function streamsWithEvents(
  group: LogGroup,
  { prefix, range }: { readonly prefix: string; readonly range: Range },
  { database }: LogsState,
): LogStream[] {
  return database.all<LogStream>(
    `SELECT * FROM log_streams
     WHERE log_group = ? AND name >= ? AND name < ? AND COALESCE(last_event, 0) >= ? AND first_event <= ?`,
    ...[group.id, prefix, endOfPrefix(prefix), range.after.timestamp, range.before.timestamp],
  );
}

/** Above every name with the prefix: names are compared as UTF-8 bytes, and no code point is larger. */
export function endOfPrefix(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}
