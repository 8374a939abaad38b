import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  type Clock,
  createInstanceHost,
  endSurvivors,
  type Journal,
  type LocalInstanceHost,
  type RecurringTask,
  type Scheduler,
} from '../host/index.ts';
import type { Credential } from '../services/principal.ts';
import type { S3Usage } from '../services/s3/index.ts';
import type { Service } from '../services/service.ts';
import { countWaitingJobs, hasUnfinishedJobs } from '../services/unfinished.ts';
import type { Database, Store } from '../store/index.ts';
import type { ServiceName } from '../wire/index.ts';
import type { CredentialSource } from './authenticate.ts';
import { type Authorizer, createAuthorizer, type DecisionRecord, type PoliciesOfRole } from './authorize.ts';
import type { RootCredentials } from './credentials.ts';

export interface ServiceParts {
  readonly store: Store;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly root: RootCredentials;
  readonly account: string;
  /** Counts what callers were allowed and denied. */
  readonly record: (decision: DecisionRecord) => void;
  /** Of the server; asked when it listens. */
  readonly url: () => string;
}

export interface Services {
  readonly load: (name: ServiceName) => Promise<Service>;
  readonly credentials: CredentialSource;
  readonly authorizer: Authorizer;
  /** How much of what there is. */
  readonly usage: () => Promise<S3Usage & { readonly logGroups: number }>;
  /** Processes of jobs, and how far they are kept from the rest of the machine. */
  readonly instances: () => Promise<Pick<LocalInstanceHost, 'isolation' | 'openReason' | 'running'>>;
  /** Jobs that stand in line for the cores. */
  waitingJobs(): number;
  /** Ends processes that an earlier server left. Before anything is answered. */
  endSurvivors(): Promise<void>;
  /** Has the jobs go on that an earlier server left. When requests are answered. */
  resume(): Promise<void>;
  /** Ends jobs so that they can go on at the next start. Before the store closes. */
  close(): Promise<void>;
}

/**
 * The services, each loaded when it is first asked for, and wired to each other: here and nowhere else do they meet. What one needs of
 * another is a small interface that it defines itself.
 */
export function createServices(parts: ServiceParts): Services {
  const { store, scheduler, clock, root, account, journal } = parts;
  const common = { database: store.database, clock, random: randomBytes };
  const iam = once(() => import('../services/iam/index.ts'));
  const sts = once(() => import('../services/sts/index.ts'));
  const policiesOf: PoliciesOfRole = async (roleArn, { now: at, region }) => {
    const { markRoleUsed, policiesOfRole } = await iam();
    markRoleUsed(roleArn, { at, region }, common);
    return policiesOfRole(roleArn, common);
  };
  const authorizer = createAuthorizer({ policiesOf, record: parts.record, account });
  let host: Promise<LocalInstanceHost> | undefined;
  const instances = (): Promise<LocalInstanceHost> => {
    host ??= createInstanceHost({ ...common, journal });
    return host;
  };
  const makers: Record<ServiceName, () => Promise<Service>> = {
    iam: async () => (await iam()).createIam(common),
    async sts() {
      const { assumableRole } = await iam();
      const { createSts } = await sts();
      return createSts({ ...common, findRole: (arn) => assumableRole(arn, common) });
    },
    s3: async () => (await import('../services/s3/index.ts')).createS3({ store, clock, random: randomBytes }),
    cloudwatch: async () => (await import('../services/cloudwatch/index.ts')).createCloudWatch(common),
    logs: async () => (await import('../services/logs/index.ts')).createLogs(common),
    async sagemaker() {
      const { startSageMaker } = await import('./sagemaker.ts');
      return startSageMaker({
        ...parts,
        authorizer,
        instances: await instances(),
        directory: join(store.directory, 'sagemaker'),
      });
    },
  };
  for (const task of housekeeping(store, common)) scheduler.every(task);
  const loaded = new Map<ServiceName, Promise<Service>>();
  const load = (name: ServiceName): Promise<Service> => {
    const service = loaded.get(name) ?? makers[name]();
    loaded.set(name, service);
    return service;
  };
  return {
    load,
    authorizer,
    instances,
    credentials: {
      async find(accessKeyId) {
        if (accessKeyId === root.accessKeyId) return rootCredential(root, account);
        const session = (await sts()).findSession(accessKeyId, common);
        const principal = session?.principal;
        // A role of the same name that was made later is another role.
        const isStale = principal?.kind === 'assumed-role' && !(await iam()).isCurrentRole(principal, common);
        return isStale ? undefined : session;
      },
    },
    async usage() {
      const [{ s3Usage }, { countLogGroups }] = await Promise.all([
        import('../services/s3/index.ts'),
        import('../services/logs/index.ts'),
      ]);
      return { ...s3Usage(store.database), logGroups: countLogGroups(store.database) };
    },
    waitingJobs: () => countWaitingJobs(store.database),
    async endSurvivors() {
      const ended = await endSurvivors(store.database);
      if (ended > 0) journal.write('warn', { message: 'processes of an earlier server were ended', count: ended });
    },
    async resume() {
      if (hasUnfinishedJobs(store.database)) await load('sagemaker');
    },
    async close() {
      const services = await Promise.allSettled(loaded.values());
      await Promise.all(
        services.map((service) => (service.status === 'fulfilled' ? service.value.close?.() : undefined)),
      );
      await (await host)?.close(0);
    },
  };
}

/** What goes on beside the requests. A service's code is loaded at its first turn, long after the start. */
function housekeeping(store: Store, state: { database: Database; clock: Clock }): RecurringTask[] {
  return [
    {
      name: 'collection of blobs',
      // What a server that was killed left behind goes soon, but not in the way of a start.
      firstAfter: 10,
      seconds: 300,
      run: async () => void (await store.blobs.collect()),
    },
    {
      name: 'upkeep of S3',
      seconds: 3_600,
      run: async (signal) => (await import('../services/s3/index.ts')).s3Upkeep(state).run(signal),
    },
    {
      name: 'upkeep of logs',
      seconds: 300,
      run: async (signal) => (await import('../services/logs/index.ts')).logsUpkeep(state).run(signal),
    },
    {
      name: 'roll-up of metrics',
      seconds: 600,
      run: async (signal) => (await import('../services/cloudwatch/index.ts')).cloudWatchRollUp(state).run(signal),
    },
  ];
}

function rootCredential(root: RootCredentials, account: string): Credential {
  return { ...root, principal: { kind: 'root', account, arn: `arn:aws:iam::${account}:root`, id: account } };
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
