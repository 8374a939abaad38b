import type { Database } from '../../store/index.ts';

/**
 * Runs a piece of work in a transaction that it shares with whatever else was asked for in the same turn of the event loop: a commit
 * waits for the disk, and ten uploads at a time would wait ten times, one after another. Each piece succeeds or fails alone.
 * @returns what `work` returned, once it is on the disk. Rejects with what `work` threw, or why the commit failed.
 */
export type GroupCommit = <T>(work: () => T) => Promise<T>;

interface Waiting {
  /** Within the transaction. @returns tells the caller, once that is committed. */
  readonly run: () => () => void;
  readonly fail: (error: unknown) => void;
}

export function groupCommit(database: Database): GroupCommit {
  let waiting: Waiting[] = [];
  const commit = (): void => {
    const group = waiting;
    waiting = [];
    try {
      const tell = database.transaction(() => group.map(({ run }) => run()));
      for (const one of tell) one();
    } catch (error) {
      for (const { fail } of group) fail(error);
    }
  };
  return (work) =>
    new Promise((resolve, reject) => {
      // All that arrived in this turn has been read by then.
      if (waiting.length === 0) setImmediate(commit);
      waiting.push({ run: () => outcome(() => database.transaction(work), { resolve, reject }), fail: reject });
    });
}

/** A refusal is told after the commit too, as what it saw may not have been on the disk before. */
function outcome<T>(
  work: () => T,
  { resolve, reject }: { resolve: (value: T) => void; reject: (error: unknown) => void },
): () => void {
  try {
    const value = work();
    return () => resolve(value);
  } catch (error) {
    return () => reject(error);
  }
}
