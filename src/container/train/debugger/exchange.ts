import type { ProfileExchange, ProfileOutlet } from '../../peers/index.ts';
import type { Phases } from '../phases.ts';
import type { Profiling } from './profiling.ts';

interface ExchangeOptions {
  readonly host: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly profiling: Profiling;
  readonly phases: Phases;
  /** Of a host that follows. */
  readonly outlet: ProfileOutlet | undefined;
}

/** A follower has a phase of its own: from when nothing is left to compute, it waits for the leader to train. */
export function openExchange({ host, now, profiling, phases, outlet }: ExchangeOptions): ProfileExchange {
  let restingSince: number | undefined;
  return {
    now,
    take: profiling.add,
    connect: (send) => outlet?.connect(send),
    rest() {
      phases.end();
      restingSince ??= now() / 1000;
    },
    last() {
      phases.end();
      profiling.stop();
      if (restingSince === undefined) return;
      profiling.add({ kind: 'phase', host, name: 'waiting', start: restingSince, end: now() / 1000 });
    },
  };
}
