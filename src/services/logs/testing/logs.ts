/** The service on a database of its own, with a clock that tests set. Operations are called as the server calls them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../../store/index.ts';
import type { Call } from '../../operation.ts';
import { operations } from '../index.ts';
import type { LogsState } from '../state.ts';
import { logsTables } from '../tables.ts';

type Operations = typeof operations;
type Input<Name extends keyof Operations> = Parameters<Operations[Name]['run']>[0];
type Output<Name extends keyof Operations> = Awaited<ReturnType<Operations[Name]['run']>>;

export interface TestLogs {
  readonly state: LogsState;
  /** Milliseconds since 1970. */
  time: number;
  run<Name extends keyof Operations>(name: Name, input: Input<Name>): Output<Name>;
  close(): Promise<void>;
}

export const place = { account: '000000000000', region: 'us-east-1' };

export async function openLogs(): Promise<TestLogs> {
  const directory = await mkdtemp(join(tmpdir(), 'whippet-logs-'));
  const store = await openStore({ directory, schemas: [logsTables], durability: 'memory' });
  const logs: TestLogs = {
    state: { database: store.database, clock: { now: () => new Date(logs.time) } },
    time: Date.UTC(2026, 0, 15),
    run(name, input) {
      const call = { ...place, now: new Date(logs.time) } as Call;
      return operations[name].run(input as never, call, logs.state) as never;
    },
    async close() {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
  return logs;
}
