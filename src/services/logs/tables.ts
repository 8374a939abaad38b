import type { TableSchema } from '../../store/index.ts';

/**
 * Events are clustered in the order in which they are read: a stream's, by timestamp, then by arrival. `sequence` counts the events of
 * all streams, so it also orders events of several streams. Ids are never used again, so that events of a deleted stream can go later,
 * bit by bit.
 */
const version1 = `
CREATE TABLE log_groups (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  name TEXT NOT NULL,
  created INTEGER NOT NULL,     -- milliseconds since 1970, as all times here
  retention INTEGER,            -- days; NULL: for ever
  bytes INTEGER NOT NULL,       -- of its events, counted as PutLogEvents does
  tags TEXT NOT NULL,           -- JSON: { key: value }
  UNIQUE (account, region, name)
) STRICT;

CREATE TABLE log_streams (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  log_group INTEGER NOT NULL,
  name TEXT NOT NULL,
  created INTEGER NOT NULL,
  first_event INTEGER,          -- timestamps of events; NULL: there was none yet
  last_event INTEGER,
  last_ingestion INTEGER,
  last_sequence INTEGER,
  bytes INTEGER NOT NULL,
  UNIQUE (log_group, name)
) STRICT;
CREATE INDEX log_streams_time ON log_streams (log_group, COALESCE(last_event, 0), name);

CREATE TABLE log_events (
  stream INTEGER NOT NULL,
  timestamp INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  ingestion INTEGER NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (stream, timestamp, sequence)
) STRICT, WITHOUT ROWID;

-- Streams that were deleted and whose events are still there.
CREATE TABLE log_leftovers (stream INTEGER PRIMARY KEY) STRICT;

CREATE TABLE log_sequence (id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL) STRICT;
INSERT INTO log_sequence VALUES (1, 0);
`;

export const logsTables: TableSchema = { name: 'logs', versions: [version1] };
