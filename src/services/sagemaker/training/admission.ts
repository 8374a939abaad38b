/** Which jobs may start: cores are what this machine has to give, and a job is admitted whole or not at all. */

export interface Admissible {
  readonly id: number;
  readonly instances: number;
  /** How many jobs of its kind go on at a time. */
  readonly share: number;
}

/** Threads of each instance: the job's part of the cores, divided among its instances, at least one. */
export function threadsOf({ instances, share }: Omit<Admissible, 'id'>, cores: number): number {
  return Math.max(1, Math.floor(cores / (instances * share)));
}

/**
 * The first of those that wait, in their order, as long as there is room; a job with more instances than cores has room when nothing else
 * runs. No job overtakes another, so that a large one is not kept waiting by small ones for ever.
 */
export function admit(
  waiting: readonly Admissible[],
  { running, cores }: { readonly running: readonly Admissible[]; readonly cores: number },
): { readonly admitted: number[]; readonly waiting: number[] } {
  const threads = (job: Admissible): number => job.instances * threadsOf(job, cores);
  let used = running.reduce((sum, job) => sum + threads(job), 0);
  let count = 0;
  for (const job of waiting) {
    if (used > 0 && used + threads(job) > cores) break;
    used += threads(job);
    count++;
  }
  const ids = waiting.map(({ id }) => id);
  return { admitted: ids.slice(0, count), waiting: ids.slice(count) };
}

/** StatusMessage of a job that waits. */
export function waitingMessage(before: number, cores: number): string {
  const machine = cores === 1 ? 'the core of this machine is' : `the ${cores} cores of this machine are`;
  const jobs =
    before === 0 ? 'This job is the next.' : `${before} ${before === 1 ? 'job is' : 'jobs are'} before this one.`;
  return `Waiting while ${machine} in use by other jobs. ${jobs}`;
}
