import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { StoreFault, statementFault } from './fault.ts';

/** Booleans and dates have no form of their own in SQLite: the caller says which it means. */
export type SqlValue = null | number | bigint | string | Uint8Array;

/**
 * The tables of all services, in one file. Everything is synchronous: what a call returned is on the disk (a commit waits for it).
 * Rows are objects without a prototype; integers beyond 2^53 throw when they are read.
 * @throws StoreFault `full`, `io` or `damaged` where the disk is to blame; the changes of that transaction are undone.
 */
export interface Database {
  get<Row = Record<string, SqlValue>>(sql: string, ...values: readonly SqlValue[]): Row | undefined;
  all<Row = Record<string, SqlValue>>(sql: string, ...values: readonly SqlValue[]): Row[];
  run(sql: string, ...values: readonly SqlValue[]): { readonly changes: number; readonly lastInsertRowid: number };
  /** Rows one by one. Consume them without an `await` between: what is written meanwhile may or may not be seen. */
  iterate<Row = Record<string, SqlValue>>(sql: string, ...values: readonly SqlValue[]): IterableIterator<Row>;
  /** All of it or, when `work` throws, nothing. Inside another transaction: a part of that one which can be undone by itself. */
  transaction<T>(work: () => T): T;
  /**
   * A transaction that begins when the event loop comes to it, after those asked for before. All that are waiting then share one wait for
   * the disk, so this is for what many clients do at a time. Each is still undone by itself when its work throws.
   * @returns what `work` does, once it is on the disk.
   */
  commit<T>(work: () => T): Promise<T>;
}

/** Has something to write in the commit of whatever is committed next. */
export interface Passenger {
  readonly isWaiting: boolean;
  /** Within the transaction, last. */
  board(): void;
  /** The commit is on the disk. */
  arrived(): void;
}

export interface OpenDatabase extends Database {
  close(): void;
}

/** So many prepared statements are kept: more than the services have, less than generated ones could make. */
const keptStatements = 300;

export function createDatabase(connection: DatabaseSync, passenger: Passenger): OpenDatabase {
  const prepare = statementCache(connection);
  let depth = 0;

  /** SQLite undoes a transaction by itself when the disk is full. What came after would be committed statement by statement. */
  const refuseEnded = (): void => {
    if (!connection.isTransaction) throw new StoreFault('io', 'A fault has ended the transaction.');
  };

  const outermost = <T>(work: () => T): T => {
    connection.exec('BEGIN IMMEDIATE');
    depth = 1;
    try {
      const value = refusePromise(work());
      refuseEnded();
      const boards = passenger.isWaiting;
      if (boards) passenger.board();
      connection.exec('COMMIT');
      if (boards) passenger.arrived();
      return value;
    } catch (error) {
      undo(connection, 'ROLLBACK');
      throw error;
    } finally {
      depth = 0;
    }
  };

  const nested = <T>(work: () => T): T => {
    refuseEnded();
    const name = `level${depth}`;
    connection.exec(`SAVEPOINT ${name}`);
    depth++;
    try {
      const value = refusePromise(work());
      connection.exec(`RELEASE ${name}`);
      return value;
    } catch (error) {
      undo(connection, `ROLLBACK TO ${name}; RELEASE ${name}`);
      throw error;
    } finally {
      depth--;
    }
  };

  const queue = commitQueue((works) =>
    translated(() =>
      outermost(() =>
        works.map((work) => {
          const done = attempt(() => nested(work));
          // It has taken the others with it, so they hear of the same fault.
          if ('error' in done && !connection.isTransaction) throw done.error;
          return done;
        }),
      ),
    ),
  );

  /** A single statement that writes is a transaction too, so that passengers are on board of every commit. */
  const execute = <T>(sql: string, work: (statement: StatementSync) => T): T =>
    translated(() => {
      if (depth > 0) refuseEnded();
      const { statement, writes } = prepare(sql);
      return writes && depth === 0 ? outermost(() => work(statement)) : work(statement);
    });

  return {
    get: (sql, ...values) => execute(sql, (statement) => statement.get(...bound(values))) as never,
    all: (sql, ...values) => execute(sql, (statement) => statement.all(...bound(values))) as never,
    run(sql, ...values) {
      const { changes, lastInsertRowid } = execute(sql, (statement) => statement.run(...bound(values)));
      return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
    },
    iterate(sql, ...values) {
      // Its own statement: using a kept one again would cut the iteration short.
      return translated(() => connection.prepare(sql).iterate(...bound(values))) as never;
    },
    transaction: (work) => translated(() => (depth === 0 ? outermost(work) : nested(work))),
    commit: (work) => queue(work) as never,
    close() {
      connection.close();
    },
  };
}

/** A full disk may have ended the transaction already; then there is nothing to undo, and the fault itself says more. */
export function undo(connection: DatabaseSync, sql: string): void {
  try {
    connection.exec(sql);
  } catch {
    // As above.
  }
}

type Attempt = { readonly value: unknown } | { readonly error: unknown };

function attempt(work: () => unknown): Attempt {
  try {
    return { value: work() };
  } catch (error) {
    return { error: statementFault(error) };
  }
}

/** Gathers works until the event loop has seen to its input and output, then has `commit` do them all. */
function commitQueue(commit: (works: readonly (() => unknown)[]) => readonly Attempt[]) {
  let waiting: { readonly work: () => unknown; readonly settle: (attempt: Attempt) => void }[] = [];
  const flush = (): void => {
    const batch = waiting;
    waiting = [];
    const outcome = attempt(() => commit(batch.map(({ work }) => work)));
    for (const [index, { settle }] of batch.entries()) {
      settle('error' in outcome ? outcome : (outcome.value as readonly Attempt[])[index]!);
    }
  };
  return (work: () => unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ work, settle: (done) => ('error' in done ? reject(done.error) : resolve(done.value)) });
    });
}

function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw statementFault(error);
  }
}

function refusePromise<T>(value: T): T {
  if (value instanceof Promise) {
    value.catch(() => {});
    throw new TypeError('A transaction is synchronous: its work returned a promise.');
  }
  return value;
}

interface Kept {
  readonly statement: StatementSync;
  readonly writes: boolean;
}

/** Prepared statements, the least recently used one is dropped. */
function statementCache(connection: DatabaseSync): (sql: string) => Kept {
  const kept = new Map<string, Kept>();
  return (sql) => {
    let entry = kept.get(sql);
    if (entry) kept.delete(sql);
    else {
      const [oldest] = kept.keys();
      if (kept.size >= keptStatements && oldest !== undefined) kept.delete(oldest);
      entry = { statement: connection.prepare(sql), writes: /\b(INSERT|UPDATE|DELETE|REPLACE)\b/i.test(sql) };
    }
    kept.set(sql, entry);
    return entry;
  };
}

/**
 * node:sqlite takes every number for a REAL, true for 1, and an object in the first place (a Date) for named parameters, of which
 * none then has a value. Here integers stay integers and the rest is refused.
 */
function bound(values: readonly SqlValue[]): SqlValue[] {
  return values.map((value, index) => {
    if (typeof value === 'number') {
      if (Number.isSafeInteger(value)) return BigInt(value);
      if (!Number.isNaN(value)) return value;
    } else if (
      value === null ||
      typeof value === 'string' ||
      typeof value === 'bigint' ||
      value instanceof Uint8Array
    ) {
      return value;
    }
    throw new TypeError(
      `Value ${index + 1} of a statement is ${Object.prototype.toString.call(value)}, which SQLite cannot hold.`,
    );
  });
}
