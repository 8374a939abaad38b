import type { ProfileRecord } from '../../rules/index.ts';

/** What a job's profiler has to do with the other hosts. */
export interface ProfileExchange {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** On the leader: a record of another host, checked. */
  take(record: ProfileRecord): void;
  /** On a follower: the leader takes records from now on. */
  connect(send: (record: ProfileRecord) => void): void;
  /** On a follower: nothing more is to be computed. */
  rest(): void;
  /** On a follower: the job is over, and what is told until this returns still reaches the leader. */
  last(): void;
}

/** Where a follower's records go: to the leader, or into a bounded queue until it is there. */
export interface ProfileOutlet {
  add(record: ProfileRecord): void;
  connect(send: (record: ProfileRecord) => void): void;
}

/** At 500 ms a leader may be five minutes late before the oldest records are lost; what is newer tells more. */
const mostWaiting = 600;

export function openProfileOutlet(): ProfileOutlet {
  const waiting: ProfileRecord[] = [];
  let send: ((record: ProfileRecord) => void) | undefined;
  return {
    add(record) {
      if (send) return send(record);
      waiting.push(record);
      if (waiting.length > mostWaiting) waiting.shift();
    },
    connect(target) {
      send = target;
      for (const record of waiting.splice(0)) target(record);
    },
  };
}
