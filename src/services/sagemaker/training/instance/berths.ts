import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instance, InstanceExit, InstanceSpec } from '../../../../host/index.ts';
import type { SageMakerState } from '../../state.ts';
import { requestOf, type TrainingJobRow } from '../record.ts';
import type { HostLayout, JobLayout } from './layout.ts';
import { removeMovedTrees } from './own-tree.ts';

/**
 * Where a trial of a tuning job runs. Its process stays when the trial ends, and the next trial of the same tuning job finds the
 * pictures read and their features in memory: reading them again would take longer than most trials.
 */
export interface Berth {
  /** The job's own files. Its inputs are written where no instance can change them; the rest of its tree is the instance's alone. */
  readonly layout: JobLayout;
  /** As of an InstanceHost; `exited` tells of the job's end, whether its process goes on or not. */
  start(spec: InstanceSpec): Promise<Instance>;
  /** Whether a process may still write to the job's tree. */
  isAlive(): boolean;
  /** To be called once nothing of the job's is needed any more. */
  release(): Promise<void>;
  /** Instead of `release` where the job goes on with another server: its files stay. */
  leave(): Promise<void>;
}

export interface Berths {
  /**
   * @param own Layout of the job were it on its own.
   * @returns undefined for a job that has its instances for itself.
   */
  take(job: TrainingJobRow, own: JobLayout): Berth | undefined;
  /** Ends the processes that wait for a further trial of a tuning job (its ARN). @returns undefined where there is none. */
  retire(tuningJob: string): Promise<void> | undefined;
  /** Ends all that wait. */
  close(): Promise<void>;
}

/** A process waits so long for its next trial: an upload and a suggestion take far less. */
const idleMilliseconds = 10_000;

export function createBerths({ instances, journal }: Pick<SageMakerState, 'instances' | 'journal'>): Berths {
  const idle = new Map<Place, NodeJS.Timeout>();
  const retire = async (place: Place): Promise<void> => {
    clearTimeout(idle.get(place));
    idle.delete(place);
    await place.end();
    await rm(place.base.directory, { recursive: true, force: true }).catch((error: unknown) => {
      journal.write('warn', { message: 'a folder could not be removed', error: String(error) });
    });
  };
  const find = (tuningJob: string): Place | undefined => {
    const place = [...idle.keys()].find((one) => one.tuningJob === tuningJob && one.isAlive());
    clearTimeout(place && idle.get(place));
    if (place) idle.delete(place);
    return place;
  };
  return {
    take(job, own) {
      if (job.tuning_job === null || own.hosts.length > 1 || requestOf(job).CheckpointConfig) return undefined;
      const place = find(job.tuning_job) ?? openPlace(job.tuning_job, { base: own, instances });
      const layout = layoutIn(place.base, own);
      return {
        layout,
        isAlive: place.isAlive,
        start: (spec) => place.start(spec, layout.hosts[0] as HostLayout),
        async release() {
          const isBase = layout.directory === place.base.directory;
          const done = [isBase ? layout.spool : layout.directory, layout.hosts[0]?.input ?? ''];
          for (const path of done) await rm(path, { recursive: true, force: true }).catch(() => {});
          if (!place.isAlive()) return retire(place);
          idle.set(place, setTimeout(() => void retire(place), idleMilliseconds).unref());
        },
        leave: place.end,
      };
    },
    retire(tuningJob) {
      const places = [...idle.keys()].filter((place) => place.tuningJob === tuningJob);
      return places.length === 0 ? undefined : Promise.all(places.map(retire)).then(() => {});
    },
    async close() {
      await Promise.all([...idle.keys()].map(retire));
    },
  };
}

/** The first job of a place has it in its own folder, which is the sandbox of those that follow. */
function layoutIn(base: JobLayout, own: JobLayout): JobLayout {
  const [{ name, directory, cache }] = base.hosts as [HostLayout];
  const { label } = own;
  const input = join(inboxOf(base), label);
  return { ...own, hosts: [{ name, directory, cache, root: join(directory, 'jobs', label), input }] };
}

function inboxOf(base: JobLayout): string {
  return join(base.directory, 'inbox');
}

interface Place {
  readonly tuningJob: string;
  readonly base: JobLayout;
  readonly isAlive: () => boolean;
  readonly start: (spec: InstanceSpec, host: HostLayout) => Promise<Instance>;
  readonly end: () => Promise<void>;
}

function openPlace(
  tuningJob: string,
  { base, instances }: { readonly base: JobLayout; readonly instances: SageMakerState['instances'] },
): Place {
  let warm: WarmProcess | undefined;
  const end = async (): Promise<void> => {
    const ending = warm?.instance;
    warm = undefined;
    await ending?.stop(0);
  };
  return {
    ...{ tuningJob, base, end },
    isAlive: () => warm?.isAlive() === true,
    async start(given, host) {
      const readable = [...(given.readable ?? []), inboxOf(base)];
      const spec = { ...given, readable, name: `tuning/${tuningJob.split('/').at(-1)}/${host.name}` };
      if (!warm?.suits(spec)) {
        await end();
        await removeMovedTrees(base.hosts);
        await layTree(host);
        warm = await startWarm(spec, instances);
        return warm.first;
      }
      return warm.next(spec, { type: 'train', root: host.root, input: host.input, variables: spec.environment });
    },
  };
}

/** What a process is given before it starts; a running one makes it itself. */
async function layTree({ root, directory, cache, input }: HostLayout): Promise<void> {
  await rm(root, { recursive: true, force: true });
  const folders = [cache, join(directory, 'tmp'), join(root, 'model'), join(root, 'output/data')];
  for (const folder of folders) await mkdir(folder, { recursive: true, mode: 0o700 });
  await symlink(input, join(root, 'input'));
}

interface WarmProcess {
  readonly instance: Instance;
  /** The job that it was started with. */
  readonly first: Instance;
  readonly isAlive: () => boolean;
  /** Whether it sees all that a job needs. */
  readonly suits: (spec: InstanceSpec) => boolean;
  readonly next: (spec: InstanceSpec, order: object) => Instance;
}

/** Whoever listens to the process at the moment. */
interface Current {
  readonly spec: InstanceSpec;
  /** Undefined: the process has ended. */
  readonly ended: (code: number | undefined) => void;
}

async function startWarm(spec: InstanceSpec, instances: SageMakerState['instances']): Promise<WarmProcess> {
  let current: Current | undefined;
  let isAlive = true;
  const instance = await instances.start({
    ...spec,
    environment: { ...spec.environment, WHIPPET_WARM: '1' },
    onLine: (line, stream) => current?.spec.onLine(line, stream),
    onEvent(event) {
      const code = endOf(event);
      if (code === undefined) current?.spec.onEvent(event);
      // Lines that were written before are in their pipe. This turn of the loop may have asked which pipes have something before they came, so
      // they are surely read only in the next one.
      else setImmediate(() => setImmediate(() => current?.ended(code)));
    },
  });
  void instance.exited.then(() => {
    isAlive = false;
    current?.ended(undefined);
  });
  const enter = (entering: InstanceSpec): Instance => {
    const exited = new Promise<InstanceExit>((resolve) => {
      current = {
        spec: entering,
        ended(code) {
          current = undefined;
          resolve(code === undefined ? instance.exited : { code, signal: null });
        },
      };
      if (!isAlive) current.ended(undefined);
    });
    return jobOf(instance, { name: entering.name, exited });
  };
  return {
    instance,
    first: enter(spec),
    isAlive: () => isAlive,
    suits: ({ readable = [] }) => isAlive && readable.every((path) => spec.readable?.includes(path)),
    next(entering, order) {
      const job = enter(entering);
      instance.tell(JSON.stringify(order));
      return job;
    },
  };
}

/** A job of a process that goes on without it. */
function jobOf(
  process: Instance,
  { name, exited }: { readonly name: string; readonly exited: Promise<InstanceExit> },
): Instance {
  let hasEnded = false;
  void exited.then(() => {
    hasEnded = true;
  });
  return {
    ...{ name, exited, pid: process.pid, tell: process.tell },
    stop(graceSeconds) {
      if (hasEnded) return exited;
      process.tell(JSON.stringify({ type: 'stop' }));
      const timer = setTimeout(() => void process.stop(0), graceSeconds * 1000);
      void exited.then(() => clearTimeout(timer));
      return exited;
    },
  };
}

/** Exit code of the event `ended`. The process may write anything. */
function endOf(event: unknown): number | undefined {
  const { type, code } = (event ?? {}) as { readonly type?: unknown; readonly code?: unknown };
  return type === 'ended' && Number.isInteger(code) ? (code as number) : undefined;
}
