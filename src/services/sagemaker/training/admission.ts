import { requestOf, type TrainingJobRow } from './record.ts';

/** `share`: how many jobs of its kind go on at a time. */
type Sharing = Pick<TrainingJobRow, 'request' | 'share'>;

/**
 * Threads of each instance: the job's part of the cores, divided among its instances, at least one. What nobody else has when it begins is its
 * as well: the first trial of a search computes the features of all.
 */
export function threadsOf(job: Sharing, cores: number, free = 0): number {
  const part = Math.max(cores / job.share, free);
  return Math.max(1, Math.floor(part / instancesOf(job)));
}

/** Cores that a job is given; more than there are where it has more instances. */
export function coresOf(job: Sharing, cores: number): number {
  return instancesOf(job) * threadsOf(job, cores);
}

function instancesOf(job: Sharing): number {
  return requestOf(job).ResourceConfig?.InstanceCount ?? 1;
}
