import type { PeerTiming } from './options.ts';

/** Hosts of one job start minutes apart where machines are rented; a process that has work never stands still for long. */
const usual: PeerTiming = { patience: 600_000, beat: 5_000, silence: 30_000, introduction: 10_000 };

export function timingOf(wish: Partial<PeerTiming> | undefined): PeerTiming {
  return { ...usual, ...wish };
}
