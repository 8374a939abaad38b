import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { commandFile } from '../../../../entry/index.ts';
import type { Instance, InstanceHost } from '../../../../host/index.ts';
import { makeSocketFolder } from '../../socket-folder.ts';
import type { RoleSession, SageMakerState } from '../../state.ts';
import { type MetricReader, type MetricValue, metricReader, ownMetrics } from '../metrics.ts';
import { requestOf, type TrainingJobRow } from '../record.ts';
import { instanceEnvironment } from './environment.ts';
import { asOnAws, codeCache, type HostLayout, type JobLayout } from './layout.ts';
import { createLogFeed, type LogFeed } from './log-feed.ts';
import { type JobEvent, readEvent } from './read-event.ts';

export interface StartOptions {
  readonly layout: JobLayout;
  readonly starter: Pick<InstanceHost, 'start'>;
  readonly session: RoleSession;
  /** Of each instance. */
  readonly threads: number;
  readonly sharedFeatures: string;
  /** Folders that each instance reads, in the order of hosts. */
  readonly channels: readonly ReadonlyMap<string, string>[];
  readonly onEvent: (event: JobEvent) => void;
  readonly onMetrics: (values: readonly MetricValue[]) => void;
}

export interface RunningHost {
  readonly host: HostLayout;
  readonly instance: Instance;
  readonly log: LogFeed;
  /** The last that it printed to standard error: the reason where it leaves no other. */
  readonly lastComplaint: () => string;
}

/**
 * Starts all instances of a job, or none.
 * @throws WhippetError where a process cannot be started.
 */
export async function startInstances(
  job: TrainingJobRow,
  options: StartOptions,
  state: SageMakerState,
): Promise<RunningHost[]> {
  const { layout } = options;
  if (layout.hosts.length > 1) await makeSocketFolder(layout.sockets);
  const code = codeCache({ account: job.account, roleArn: requestOf(job).RoleArn }, state);
  await mkdir(code, { recursive: true, mode: 0o700 });
  const secret = state.random(32).toString('hex');
  const definitions = requestOf(job).AlgorithmSpecification?.MetricDefinitions ?? [];
  const read = metricReader(definitions.length > 0 ? definitions : ownMetrics);
  const running: RunningHost[] = [];
  try {
    for (const at of layout.hosts.keys())
      running.push(await startInstance(job, { ...options, at, secret, code, read }, state));
    return running;
  } catch (error) {
    await Promise.all(running.map(({ instance }) => instance.stop(0)));
    throw error;
  }
}

interface OneInstance extends StartOptions {
  readonly at: number;
  readonly secret: string;
  readonly code: string;
  /** All instances of a job share it, and what it may take. */
  readonly read: MetricReader;
}

async function startInstance(
  job: TrainingJobRow,
  { at, secret, code, read, ...options }: OneInstance,
  state: SageMakerState,
): Promise<RunningHost> {
  const { layout, sharedFeatures, channels, onEvent, onMetrics, starter } = options;
  const host = layout.hosts[at] as HostLayout;
  const { EnableNetworkIsolation = false } = requestOf(job);
  const seconds = Math.floor(state.clock.now().getTime() / 1000);
  let complaint = '';
  const log: LogFeed = createLogFeed(job, { stream: `${job.name}/${host.name}-${seconds}`, read, onMetrics }, state);
  const instance = await starter.start({
    name: `training/${job.name}/${host.name}`,
    command: [
      ...([process.execPath, fileURLToPath(commandFile())] as const),
      ...['container', 'train', '--root', host.root],
    ],
    environment: instanceEnvironment(job, { host, secret, code, ...options }, state),
    directory: host.directory,
    readable: [...new Set(channels[at]?.values() ?? []), sharedFeatures],
    writable: layout.hosts.length > 1 ? [layout.sockets, code] : [code],
    network: !EnableNetworkIsolation,
    onLine(line, stream) {
      if (stream === 'stderr') complaint = continued(complaint, line);
      log.line(asOnAws(line, host));
    },
    onEvent(value) {
      const event = readEvent(value);
      if (event) onEvent(event);
    },
  });
  return { host, instance, log, lastComplaint: () => complaint };
}

const longestComplaint = 1000;

/** What to do about an error, and where in a program it was, is indented below it; Node's last word is its version. */
export function continued(complaint: string, line: string): string {
  if (line.trim() === '' || /^Node\.js v\d/.test(line)) return complaint;
  return /^\s/.test(line) ? `${complaint} ${line.trim()}`.trim().slice(0, longestComplaint) : line;
}
