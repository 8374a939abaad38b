import type { Journal } from './journal.ts';

export interface RecurringTask {
  /** For the journal. */
  readonly name: string;
  /** From the end of one run to the start of the next, in seconds of wall time. */
  readonly seconds: number;
  /** To the first run. Default: `seconds`. */
  readonly firstAfter?: number;
  readonly run: (signal: AbortSignal) => Promise<void> | void;
}

export interface Scheduler {
  every(task: RecurringTask): void;
  /** Aborts what runs and resolves when all of it has ended. */
  stop(): Promise<void>;
}

/** Housekeeping beside the requests. A run that fails is written down and tried again at its next turn. */
export function createScheduler(journal: Journal): Scheduler {
  const stopping = new AbortController();
  const timers = new Map<RecurringTask, NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  const turn = async (task: RecurringTask): Promise<void> => {
    try {
      await task.run(stopping.signal);
    } catch (error) {
      journal.write('error', { message: `${task.name} failed`, error: String((error as Error).stack ?? error) });
    }
  };
  const plan = (task: RecurringTask, seconds: number): void => {
    if (stopping.signal.aborted) return;
    const start = (): void => {
      const run = turn(task).finally(() => {
        running.delete(run);
        plan(task, task.seconds);
      });
      running.add(run);
    };
    // Waiting for the next turn keeps no process alive.
    timers.set(task, setTimeout(start, seconds * 1000).unref());
  };
  return {
    every: (task) => plan(task, task.firstAfter ?? task.seconds),
    async stop() {
      stopping.abort();
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(running);
    },
  };
}
