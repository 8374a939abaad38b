import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { socketFolder } from '../../socket-folder.ts';
import type { SageMakerState } from '../../state.ts';
import type { TrainingJobRow } from '../record.ts';

/** Where a job has its files. */
export interface JobLayout {
  /** `dogs-1-17`: no other job's. */
  readonly label: string;
  /** All that the job has on the disk. */
  readonly directory: string;
  /** Copies on their way to S3; instances do not see it. */
  readonly spool: string;
  /** Sockets over which instances speak to each other. */
  readonly sockets: string;
  readonly hosts: readonly HostLayout[];
}

export interface HostLayout {
  /** `algo-1`. */
  readonly name: string;
  /** The instance's own tree, and its working directory. */
  readonly directory: string;
  /** What `/opt/ml` is to a container. */
  readonly root: string;
  /** Where its configuration and links to its channels are written. */
  readonly input: string;
  /** WHIPPET_CACHE. */
  readonly cache: string;
}

/** Paths as a container on AWS would tell them: where its tree lies here is nobody's concern. */
export function asOnAws(text: string, { root, input }: HostLayout): string {
  return text.replaceAll(root, '/opt/ml').replaceAll(input, '/opt/ml/input');
}

/** @param temporary Folder for sockets where the job's own lies too deep. */
export function jobLayout(
  job: Pick<TrainingJobRow, 'id' | 'name'>,
  { instances, state, temporary }: { instances: number; state: Pick<SageMakerState, 'directory'>; temporary: string },
): JobLayout {
  const label = `${job.name}-${job.id}`;
  const directory = join(state.directory, 'jobs', label);
  const near = join(state.directory, 'jobs', `${job.id}.sockets`);
  return {
    ...{ label, directory },
    spool: join(directory, 'spool'),
    sockets: socketFolder(near, { state: state.directory, temporary, job: String(job.id) }),
    hosts: Array.from({ length: instances }, (_, at) => {
      const name = `algo-${at + 1}`;
      const own = join(directory, name);
      const root = join(own, 'opt/ml');
      return { name, directory: own, root, input: join(root, 'input'), cache: join(own, 'cache') };
    }),
  };
}

/**
 * Where Node keeps what it has compiled of the container's code, which is half a second of each start. Instances write there, and what one
 * writes another runs, so only those share a folder that have the same rights anyway.
 */
export function codeCache(owner: Owner, state: Pick<SageMakerState, 'directory'>): string {
  return join(state.directory, 'code', nameOf(owner));
}

/**
 * Where the features of jobs are kept for later ones, which cannot tell whether another instance has computed them as it should, and read
 * what it had from what pictures.
 */
export function featureCache(owner: Owner, state: Pick<SageMakerState, 'directory'>): string {
  return join(featureCaches(state), nameOf(owner));
}

/** Of all owners. */
export function featureCaches({ directory }: Pick<SageMakerState, 'directory'>): string {
  return join(directory, 'features');
}

/** Jobs of one role have the same rights. */
interface Owner {
  readonly roleArn: string;
  readonly account: string;
}

function nameOf({ roleArn, account }: Owner): string {
  return createHash('sha256')
    .update(JSON.stringify([account, roleArn]))
    .digest('hex')
    .slice(0, 16);
}
