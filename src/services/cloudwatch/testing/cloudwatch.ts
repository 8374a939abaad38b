/** The service on a database of its own, with a clock that tests set. Operations are called as the server calls them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../../store/index.ts';
import type { Call } from '../../operation.ts';
import { operations } from '../index.ts';
import { cloudWatchRollUp } from '../roll-up.ts';
import type { CloudWatchState } from '../state.ts';
import { cloudWatchTables } from '../tables.ts';

type Operations = typeof operations;
type Input<Name extends keyof Operations> = Parameters<Operations[Name]['run']>[0];
type Output<Name extends keyof Operations> = Awaited<ReturnType<Operations[Name]['run']>>;

export interface TestCloudWatch {
  readonly state: CloudWatchState;
  /** Seconds since 1970. */
  time: number;
  run<Name extends keyof Operations>(name: Name, input: Input<Name>): Output<Name>;
  rollUp(): Promise<void>;
  close(): Promise<void>;
}

export const place = { account: '000000000000', region: 'us-east-1' };
export const start = Date.UTC(2026, 0, 1) / 1000;
export const hour = 3600;
export const day = 24 * hour;

export async function openCloudWatch(): Promise<TestCloudWatch> {
  const directory = await mkdtemp(join(tmpdir(), 'whippet-cloudwatch-'));
  const store = await openStore({ directory, schemas: [cloudWatchTables], durability: 'memory' });
  const now = (): Date => new Date(cloudWatch.time * 1000);
  const cloudWatch: TestCloudWatch = {
    state: { database: store.database, clock: { now } },
    time: start,
    run(name, input) {
      const call = { ...place, now: now(), headers: new Map() } as Partial<Call>;
      return operations[name].run(input as never, call as Call, cloudWatch.state) as never;
    },
    rollUp: async () => cloudWatchRollUp(cloudWatch.state).run(new AbortController().signal),
    async close() {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
  return cloudWatch;
}
