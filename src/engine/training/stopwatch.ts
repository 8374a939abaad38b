export interface Stopwatch {
  /** Runs a stage and adds its wall time in seconds to the record. */
  time<T>(stage: string, work: () => Promise<T> | T): Promise<T>;
  readonly seconds: Readonly<Record<string, number>>;
}

export function stopwatch(now: () => number): Stopwatch {
  const seconds: Record<string, number> = {};
  return {
    seconds,
    async time(stage, work) {
      const started = now();
      try {
        return await work();
      } finally {
        seconds[stage] = (seconds[stage] ?? 0) + (now() - started) / 1000;
      }
    },
  };
}
