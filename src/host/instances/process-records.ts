import type { Database } from '../../store/index.ts';

/** A process that a server started. */
export interface ProcessRecord {
  /** Leader of a group and a session of its own. */
  readonly pid: number;
  readonly name: string;
  /** Value of {@link markVariable} in its environment and in that of what it starts. */
  readonly mark: string;
  /** See processIdentity. */
  readonly identity: string;
}

/** A variable of every instance's environment. */
export const markVariable = 'WHIPPET_INSTANCE';

export interface ProcessRecords {
  /** On the disk when it returns. */
  add(record: ProcessRecord): void;
  remove(record: Pick<ProcessRecord, 'pid' | 'mark'>): void;
  all(): readonly ProcessRecord[];
}

export function processRecords(database: Database): ProcessRecords {
  return {
    add: ({ pid, name, mark, identity }) =>
      void database.run(
        'INSERT OR REPLACE INTO instance_processes (pid, name, mark, identity) VALUES (?, ?, ?, ?)',
        ...[pid, name, mark, identity],
      ),
    remove: ({ pid, mark }) =>
      void database.run('DELETE FROM instance_processes WHERE pid = ? AND mark = ?', pid, mark),
    all: () => database.all<ProcessRecord>('SELECT pid, name, mark, identity FROM instance_processes'),
  };
}
