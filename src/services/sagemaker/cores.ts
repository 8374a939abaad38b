/** The cores of this machine, as training and transform jobs share them: first come, first served, and a job whole or not at all. */

/** What a job of some queue needs, or has. */
export interface Claim {
  readonly id: number;
  /** Milliseconds since 1970: its place in the line. */
  readonly created: number;
  readonly cores: number;
  /** Whether it is at work: then it has them. */
  readonly isAtWork: boolean;
}

export interface JobQueue {
  /** All jobs that have cores or want them, in the order of the queue. */
  claims(): readonly Claim[];
  /** There may be room: the queue is to look at the line again. */
  wake(): void;
}

/** A queue's view of the line. */
export interface Line {
  /** Ids of its jobs that are to begin now. */
  readonly admitted: ReadonlySet<number>;
  /** Its jobs that wait, and how many jobs of whatever queue wait before each. */
  readonly waiting: ReadonlyMap<number, number>;
}

export interface PlaceInLine {
  look(): Line;
  /** How many cores no job has at the moment. */
  free(): number;
  /** A job has ended: every queue looks again. */
  freed(): void;
}

export interface Cores {
  /** How many there are. */
  readonly count: number;
  /** From now on the queue's jobs stand in line with those of the others. */
  join(queue: JobQueue): PlaceInLine;
}

/** Keeps nothing but who is asked: which job has cores and which one waits is what the queues say. */
export function createCores(count: number): Cores {
  const queues: JobQueue[] = [];
  return {
    count,
    join(queue) {
      queues.push(queue);
      return {
        look() {
          // The sort is stable: of jobs of the same moment, those of the queue that joined first come first.
          const all = queues.flatMap((of) => of.claims().map((claim) => ({ ...claim, of })));
          const line = all.filter(({ isAtWork }) => !isAtWork).sort((a, b) => a.created - b.created);
          const used = all.reduce((sum, { cores, isAtWork }) => (isAtWork ? sum + cores : sum), 0);
          const begun = admit(line, { used, cores: count });
          const mine = [...line.entries()].filter(([, { of }]) => of === queue);
          return {
            admitted: new Set(mine.flatMap(([at, { id }]) => (at < begun ? [id] : []))),
            waiting: new Map(mine.flatMap(([at, { id }]) => (at < begun ? [] : [[id, at - begun] as const]))),
          };
        },
        free() {
          const used = queues
            .flatMap((of) => of.claims())
            .reduce((sum, { cores, isAtWork }) => sum + (isAtWork ? cores : 0), 0);
          return Math.max(0, count - used);
        },
        freed() {
          for (const each of queues) each.wake();
        },
      };
    },
  };
}

/**
 * How many of those that wait begin, from the first on, as long as there is room; a job of more cores than there are has room when nothing
 * else runs. No job overtakes another, so that a large one is not kept waiting by small ones for ever.
 */
export function admit(
  line: readonly Pick<Claim, 'cores'>[],
  { used, cores }: { readonly used: number; readonly cores: number },
): number {
  let taken = used;
  for (const [at, claim] of line.entries()) {
    if (taken > 0 && taken + claim.cores > cores) return at;
    taken += claim.cores;
  }
  return line.length;
}

/** StatusMessage of a job that waits. */
export function waitingMessage(before: number, cores: number): string {
  const machine = cores === 1 ? 'the core of this machine is' : `the ${cores} cores of this machine are`;
  const jobs =
    before === 0 ? 'This job is the next.' : `${before} ${before === 1 ? 'job is' : 'jobs are'} before this one.`;
  return `Waiting while ${machine} in use by other jobs. ${jobs}`;
}
