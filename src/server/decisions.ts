import type { Scheduler } from '../host/index.ts';
import type { Database, TableSchema } from '../store/index.ts';
import type { DecisionRecord } from './authorize.ts';

/**
 * Who was allowed or denied what, counted: what a review of rights goes by. Rows of the same caller, action, resource and outcome
 * become one.
 */
const version1 = `
CREATE TABLE decisions (
  principal TEXT NOT NULL,
  action TEXT NOT NULL,
  resource TEXT NOT NULL,
  allowed INTEGER NOT NULL,
  count INTEGER NOT NULL,
  first INTEGER NOT NULL,       -- milliseconds since 1970
  last INTEGER NOT NULL,
  PRIMARY KEY (principal, action, resource, allowed)
) STRICT, WITHOUT ROWID;
CREATE INDEX decisions_last ON decisions (last);
`;

export const decisionTables: TableSchema = { name: 'decisions', versions: [version1] };

const keptDays = 90;
/** Each object has an ARN of its own: beyond this many rows the longest unused go. */
const keptRows = 200_000;
/** Pending rows in memory; more are written at once. */
const pendingRows = 20_000;
/** Longer than any ARN that can be of something: the rest of a path that somebody made up is not worth keeping. */
const longestResource = 1_500;
const flushSeconds = 5;
const pruneSeconds = 3_600;
/** So many rows written are reason enough to look before the hour is over: whoever asks for ever new keys fills no disk. */
const pruneRows = 50_000;

export interface Decisions {
  record(decision: DecisionRecord): void;
  /** Writes what is pending. */
  flush(): void;
  /** Latest first. */
  list(limit: number): readonly DecisionRow[];
}

export interface DecisionRow {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly allowed: boolean;
  readonly count: number;
  readonly first: Date;
  readonly last: Date;
}

type Pending = Omit<DecisionRow, 'first' | 'last'> & { count: number; first: number; last: number };

/** A request waits for no count: they are gathered and written every five seconds, so a crash loses those of the last. */
export function createDecisions(
  database: Database,
  { scheduler, now }: { scheduler: Scheduler; now: () => Date },
): Decisions {
  const pending = new Map<string, Pending>();
  let written = 0;
  const flush = (): void => {
    if (pending.size === 0) return;
    const rows = [...pending.values()];
    pending.clear();
    written += rows.length;
    database.transaction(() => {
      for (const row of rows) write(database, row);
    });
    if (written < pruneRows) return;
    written = 0;
    prune(database, now());
  };
  scheduler.every({ name: 'writing decisions', seconds: flushSeconds, run: flush });
  scheduler.every({ name: 'pruning decisions', seconds: pruneSeconds, run: () => prune(database, now()) });
  return {
    record({ principal, action, resource: whole, allowed, at }) {
      const resource = whole.slice(0, longestResource);
      const key = JSON.stringify([principal, action, resource, allowed]);
      const time = at.getTime();
      const known = pending.get(key);
      if (known) {
        known.count++;
        known.last = time;
      } else pending.set(key, { principal, action, resource, allowed, count: 1, first: time, last: time });
      if (pending.size > pendingRows) flush();
    },
    flush,
    list: (limit) =>
      database
        .all<{
          principal: string;
          action: string;
          resource: string;
          allowed: number;
          count: number;
          first: number;
          last: number;
        }>('SELECT * FROM decisions ORDER BY last DESC LIMIT ?', limit)
        .map((row) => ({
          ...row,
          allowed: row.allowed === 1,
          first: new Date(row.first),
          last: new Date(row.last),
        })),
  };
}

function write(database: Database, row: Pending): void {
  database.run(
    `INSERT INTO decisions (principal, action, resource, allowed, count, first, last) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (principal, action, resource, allowed) DO UPDATE SET count = count + excluded.count, last = excluded.last`,
    row.principal,
    row.action,
    row.resource,
    row.allowed ? 1 : 0,
    row.count,
    row.first,
    row.last,
  );
}

function prune(database: Database, now: Date): void {
  database.run('DELETE FROM decisions WHERE last < ?', now.getTime() - keptDays * 86_400_000);
  const [{ rows } = { rows: 0 }] = database.all<{ rows: number }>('SELECT count(*) AS rows FROM decisions');
  if (rows <= keptRows) return;
  database.run(
    'DELETE FROM decisions WHERE last <= (SELECT last FROM decisions ORDER BY last LIMIT 1 OFFSET ?)',
    rows - keptRows - 1,
  );
}
