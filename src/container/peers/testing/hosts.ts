/** Hosts of a job for tests: a small data set, processes that share it, and one that does it alone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { entryFile } from '../../../entry/index.ts';
import type { PeerHosts, PeerTiming } from '../index.ts';
import type { HostSettings, HostWord } from './run-host.ts';

export const secret = '5ec7e7'.repeat(8);

export function temporaryDirectory(context: Pick<TestContext, 'after'>): string {
  // Short: the path of a socket has to fit into 107 bytes.
  const directory = mkdtempSync(join(tmpdir(), 'wp-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Every file below `root` by name, sorted. */
export function filesIn(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

/** Deals the files of `root` out to folders, one after the other, as ShardedByS3Key does. */
export function shard(root: string, directory: string, count: number): string[] {
  const shards = Array.from({ length: count }, (_, at) => join(directory, `shard-${at}`));
  for (const path of shards) mkdirSync(path, { recursive: true });
  filesIn(root).forEach((name, at) => {
    const target = join(shards[at % count] as string, name);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(root, name), target);
  });
  return shards;
}

export interface JobSettings {
  readonly directory: string;
  readonly hosts: readonly string[];
  readonly timing?: Partial<PeerTiming>;
}

export function peersOf({ directory, hosts, timing }: JobSettings, current: string): PeerHosts {
  return {
    ...{ hosts, current, secret },
    addresses: Object.fromEntries(hosts.map((host) => [host, `unix:${join(directory, `${host}.sock`)}`])),
    ...(timing && { timing }),
  };
}

export interface HostProcess {
  readonly child: ChildProcess;
  /** All that it has told so far. */
  readonly words: readonly HostWord[];
  /** Resolves with the first word that fits. Rejects where it ends without one. */
  when(fits: (word: HostWord) => boolean): Promise<HostWord>;
  /** Resolves when the process is gone, with the error that it ended with. */
  readonly ended: Promise<{ readonly code: string; readonly message: string } | undefined>;
}

/** Starts a host; it goes with the test. */
export function startHost(context: Pick<TestContext, 'after'>, settings: HostSettings): HostProcess {
  const child = spawn(process.execPath, [entryFile(import.meta.url, 'run-host').pathname, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  context.after(() => child.kill('SIGKILL'));
  const words: HostWord[] = [];
  const listeners = new Set<() => void>();
  createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }).on('line', (line) => {
    words.push(JSON.parse(line) as HostWord);
    for (const listener of listeners) listener();
  });
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()));
  return {
    child,
    words,
    when: (fits) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const word = words.find(fits);
          if (word) resolve(word);
        };
        listeners.add(look);
        look();
        void closed.then(() => reject(new Error(`${settings.peers.current} ended: ${JSON.stringify(words.at(-1))}`)));
      }),
    ended: closed.then(() => {
      const last = words.at(-1);
      if (last?.type !== 'ended') return { code: 'KILLED', message: 'it did not say how it ended' };
      return last.error;
    }),
  };
}

/** How many pictures this host was told to have been done so far. */
export function isProgress(word: HostWord, least: number): boolean {
  return (
    word.type === 'event' &&
    word.event.type === 'progress' &&
    word.event.stage === 'features' &&
    word.event.done >= least
  );
}
