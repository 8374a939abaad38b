/** Wall time: timestamps, signatures, tokens. Never scaled. Tests pass their own. */
export interface Clock {
  now(): Date;
}

export const wallClock: Clock = { now: () => new Date() };
