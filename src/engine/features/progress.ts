import type { Listener } from '../events.ts';

export interface Progress {
  advance(pictures: number): void;
  /** Tells the final count if the throttle held it back. */
  finish(): void;
}

/** Reports pictures done, at most ten times a second of `now` (milliseconds); the first and the last count always come through. */
export function reportProgress(total: number, done: number, onEvent: Listener, now: () => number): Progress {
  const interval = 100;
  let told = -1;
  let toldAt = Number.NEGATIVE_INFINITY;
  const tell = (): void => {
    if (done === told) return;
    told = done;
    toldAt = now();
    onEvent({ type: 'progress', stage: 'features', done, total, unit: 'pictures' });
  };
  tell();
  return {
    advance(pictures) {
      done += pictures;
      if (now() - toldAt >= interval) tell();
    },
    finish: tell,
  };
}
