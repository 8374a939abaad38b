import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '../../../store/index.ts';
import { wallClock } from '../../clock.ts';
import type { JournalEntry } from '../../journal.ts';
import { hostTables } from '../../tables.ts';
import type { Instance, InstanceSpec, Isolation } from '../instance.ts';
import { createInstanceHost, type LocalInstanceHost } from '../instance-host.ts';
import type { Flow } from '../outputs.ts';
import { probeSandbox } from '../sandbox.ts';

/** Why tests in a sandbox cannot run here; false where they can. */
export const withoutBubblewrap: string | false = await probeSandbox().then((probe) =>
  probe.works ? false : probe.reason,
);

export interface Ground extends AsyncDisposable {
  /** Of this test alone. */
  readonly folder: string;
  readonly store: Store;
  readonly host: LocalInstanceHost;
  readonly journal: JournalEntry[];
  /** Starts Node on a script. */
  run(script: string, options?: Partial<InstanceSpec>): Promise<Running>;
}

/** An instance, and what it has told. */
export interface Running extends Instance {
  readonly lines: string[];
  readonly events: unknown[];
  /** Resolves when a line contains the text. */
  said(text: string): Promise<string>;
}

export async function openGround({ isolation, flow }: { isolation: Isolation; flow?: Flow }): Promise<Ground> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'whippet-instances-')));
  const store = await openStore({ directory: join(folder, 'state'), schemas: [hostTables], durability: 'memory' });
  const journal: JournalEntry[] = [];
  const host = await createInstanceHost({
    ...{ database: store.database, clock: wallClock, isolation: isolation === 'process' ? 'process' : 'auto' },
    ...{ journal: { write: (_level, entry) => void journal.push(entry) }, cores: 2, ...(flow && { flow }) },
  });
  return {
    ...{ folder, store, host, journal },
    run: (script, options) => runScript(script, { host, folder, options }),
    async [Symbol.asyncDispose]() {
      await host.close(0);
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function runScript(
  script: string,
  { host, folder, options }: { host: LocalInstanceHost; folder: string; options: Partial<InstanceSpec> | undefined },
): Promise<Running> {
  const lines: string[] = [];
  const events: unknown[] = [];
  const listeners = new Set<() => void>();
  const instance = await host.start({
    ...{ name: 'test', command: [process.execPath, '-e', script], environment: {}, network: false },
    directory: join(folder, 'tree'),
    ...options,
    onLine(line, stream) {
      lines.push(line);
      for (const listener of listeners) listener();
      options?.onLine?.(line, stream);
    },
    onEvent: (event) => void events.push(event),
  });
  const said = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = lines.find((line) => line.includes(text));
        if (found !== undefined) resolve(found);
      };
      listeners.add(look);
      look();
      void instance.exited.then((exit) =>
        reject(new Error(`It has ended (${JSON.stringify(exit)}) without saying ${text}:\n${lines.join('\n')}`)),
      );
    });
  return { ...instance, lines, events, said };
}

/** Resolves when a process is gone: killing takes effect in the kernel's own time. */
export async function gone(pid: number): Promise<void> {
  const { processIdentity } = await import('../process-identity.ts');
  while (processIdentity(pid) !== undefined) await new Promise((resolve) => setImmediate(resolve));
}
