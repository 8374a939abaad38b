/** Drives `whippet container …` as SageMaker and the local server do: a tree of its own, an environment of its own, events on fd 3. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { drawSample } from '../../src/engine/index.ts';
import { repository } from './whippet.ts';

export interface InstanceEvent {
  readonly type: string;
  readonly [member: string]: unknown;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
  /** Lines of fd 3 as they came, and parsed. */
  readonly events: readonly InstanceEvent[];
}

export interface RunningContainer {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** The first event that fits, which may have come already. Rejects when the process ends without one. */
  event(fits: (event: InstanceEvent) => boolean): Promise<InstanceEvent>;
}

export interface ContainerJob {
  readonly hyperparameters?: Readonly<Record<string, unknown>>;
  readonly rules?: object;
  /** Name of the channel by folder to link there; default `training`. */
  readonly hosts?: { readonly all: readonly string[]; readonly current: string };
  readonly checkpoints?: boolean;
}

/** Makes ROOT/input and what else SageMaker makes before a container starts. Returns ROOT. */
export async function writeJob(directory: string, job: ContainerJob = {}): Promise<string> {
  const root = join(directory, 'opt', 'ml');
  const config = join(root, 'input', 'config');
  for (const folder of [config, join(root, 'input', 'data'), join(root, 'model'), join(root, 'output', 'data')]) {
    await mkdir(folder, { recursive: true });
  }
  if (job.checkpoints) await mkdir(join(root, 'checkpoints'), { recursive: true });
  const write = (name: string, content: unknown): Promise<void> =>
    writeFile(join(config, name), JSON.stringify(content));
  await write('hyperparameters.json', job.hyperparameters ?? {});
  const { all, current } = job.hosts ?? { all: ['algo-1'], current: 'algo-1' };
  await write('resourceconfig.json', { current_host: current, hosts: all, network_interface_name: 'eth0' });
  if (job.rules) await write('rulesconfig.json', job.rules);
  return root;
}

/** The data set of most tests: quick to draw, quick to train on, and above chance. */
export async function drawSmall(folder: string): Promise<string> {
  await drawSample(folder, { picturesPerClass: { train: 8, valid: 4, test: 2 }, size: 64 });
  return folder;
}

export function startContainer(
  argv: readonly string[],
  { env = {}, events: wanted = true }: { readonly env?: Record<string, string>; readonly events?: boolean } = {},
): RunningContainer {
  const child = spawn(process.execPath, [join(repository, 'bin', 'whippet'), 'container', ...argv], {
    // Nothing is inherited, as under the server; PATH is where Node's own loader finds nothing it needs.
    env: { ...(wanted && { WHIPPET_EVENTS_FD: '3' }), HOME: '/nonexistent', WHIPPET_THREADS: '1', ...env },
    stdio: [wanted ? 'pipe' : 'ignore', 'pipe', 'pipe', wanted ? 'pipe' : 'ignore'],
  });
  const events: InstanceEvent[] = [];
  const listeners = new Set<() => void>();
  const output = { out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output.out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output.err += text;
  });
  if (wanted) {
    let rest = '';
    (child.stdio[3] as Readable).setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) events.push(JSON.parse(line) as InstanceEvent);
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, ...output, events }));
  });
  return {
    process: child,
    ended,
    event: (fits) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = events.find(fits);
          if (!found) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        void ended.then(({ code, err }) => reject(new Error(`it ended with ${code} before: ${err}`)));
        look();
      }),
  };
}
