import type { TableSchema } from '../../store/index.ts';

/**
 * New data is in `metric_recent`, a row for each second or minute, where it can be added to. Hours later it is packed into blocks of
 * 1,440 buckets (a day of minutes, five days of five-minutes, 60 days of hours), a tenth of the size. Data is moved, never copied, so
 * a reader adds up what it finds in both.
 */
const version1 = `
CREATE TABLE metrics (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  dimensions TEXT NOT NULL,     -- JSON: [[name, value], …] by name
  published INTEGER NOT NULL,   -- milliseconds since 1970: when data last came, to a minute
  UNIQUE (account, region, namespace, name, dimensions)
) STRICT;

CREATE TABLE metric_recent (
  metric INTEGER NOT NULL,
  time INTEGER NOT NULL,        -- seconds since 1970
  unit INTEGER NOT NULL,        -- position in units.ts
  resolution INTEGER NOT NULL,  -- 1 or 60 seconds
  summary BLOB NOT NULL,        -- encoding.ts
  PRIMARY KEY (metric, time, unit, resolution)
) STRICT, WITHOUT ROWID;

CREATE TABLE metric_blocks (
  metric INTEGER NOT NULL,
  period INTEGER NOT NULL,      -- 60, 300, 3600 seconds
  start INTEGER NOT NULL,       -- seconds since 1970, a multiple of 1440 periods
  unit INTEGER NOT NULL,
  points BLOB NOT NULL,         -- encoding.ts
  PRIMARY KEY (metric, period, start, unit)
) STRICT;
`;

export const cloudWatchTables: TableSchema = { name: 'cloudwatch', versions: [version1] };
