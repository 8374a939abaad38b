/** Why a job that runs is to end: its owner's request, its time, or the end of the server. */
export type StopReason = 'request' | 'runtime' | 'closing';

/** What ends a job's work, wherever it is. */
export interface StopControl {
  /** Aborted by the first call of `stop`. */
  readonly signal: AbortSignal;
  readonly reason: StopReason | undefined;
  /** Aborted when the server ends, whatever the job was to end for before: the next one does again what can be done again. */
  readonly closing: AbortSignal;
  stop(reason: StopReason): void;
}

export function createStopControl(): StopControl {
  const controller = new AbortController();
  const closing = new AbortController();
  let first: StopReason | undefined;
  return {
    signal: controller.signal,
    closing: closing.signal,
    get reason() {
      return first;
    },
    stop(reason) {
      first ??= reason;
      controller.abort();
      if (reason === 'closing') closing.abort();
    },
  };
}
