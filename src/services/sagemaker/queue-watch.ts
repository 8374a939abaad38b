import type { SageMakerState } from './state.ts';

/** Looks at a queue that is in the tables, whenever something may have changed. Nothing happens before it is open. */
export interface QueueWatch {
  open(): void;
  /** Has the queue looked at when the transaction that called for it is over; many calls make one look. */
  wake(): void;
  /** Does what writes to the tables; where the disk does not let it, the queue is looked at again later. */
  attempt(work: () => void): void;
  /** The disk did not let something be written. */
  trouble(error: unknown): void;
  close(): void;
}

/** When the tables could not be written: until there may be room on the disk again. */
const retryMilliseconds = 5_000;

/** @param what Of the journal: `training jobs`. */
export function watchQueue(what: string, look: () => void, { journal }: Pick<SageMakerState, 'journal'>): QueueWatch {
  let isOpen = false;
  let isWoken = false;
  let retry: NodeJS.Timeout | undefined;
  const wake = (): void => {
    if (!isOpen || isWoken) return;
    isWoken = true;
    setImmediate(() => {
      isWoken = false;
      if (isOpen) attempt(look);
    });
  };
  const trouble = (error: unknown): void => {
    journal.write('error', { message: `${what} wait for the disk`, error: String(error) });
    clearTimeout(retry);
    if (isOpen) retry = setTimeout(wake, retryMilliseconds);
  };
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      trouble(error);
    }
  };
  return {
    wake,
    attempt,
    trouble,
    open() {
      isOpen = true;
      wake();
    },
    close() {
      isOpen = false;
      clearTimeout(retry);
    },
  };
}
