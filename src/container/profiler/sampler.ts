import type { SystemSample } from '../../rules/index.ts';
import { type CoreTime, readCores } from './cores.ts';
import { type GpuWatch, watchGpus } from './gpus.ts';
import { memoryLimit, memoryOfMachine } from './memory.ts';
import { type NetworkBytes, readNetwork } from './network.ts';
import { procReader, type ReadProc } from './proc-files.ts';
import { type ProcessUse, readProcessTree } from './processes.ts';

export interface SamplerOptions {
  /** ProfilingIntervalInMilliseconds. */
  readonly intervalMs: number;
  /** `algo-1`. */
  readonly host: string;
  /** Milliseconds since 1970: `Date.now`. */
  now(): number;
  onSample(sample: SystemSample): void;
  /** The process whose tree is the instance. Default: this one. */
  readonly pid?: number;
  /** Default `/proc`. */
  readonly proc?: string;
  /** Default `nvidia-smi`, looked up on PATH. */
  readonly nvidiaSmi?: string;
}

export interface Sampler {
  /** Takes a last sample and ends. */
  stop(): void;
}

/**
 * Looks at the machine every so often: cores and the wait for disks as all that runs on them leaves them, memory and disk of this
 * process and its descendants, the network of its namespace. Without /proc (macOS) it tells of cores and memory of the machine only.
 */
export function startSampler(options: SamplerOptions): Sampler {
  const { proc = '/proc', pid = process.pid, nvidiaSmi = 'nvidia-smi', now, onSample, host } = options;
  const source: Source = { proc, pid, read: procReader(proc) };
  const total = memoryLimit(source.read);
  const gpus = watchGpus(nvidiaSmi);
  let before = look(source, now());
  gpus.refresh(before.time);
  const take = (): void => {
    const after = look(source, now());
    // A clock that was set back, or two looks at once: there is no rate.
    if (after.time > before.time) onSample({ host, ...sampleBetween(before, after, { total, gpus }) });
    before = after;
    gpus.refresh(after.time);
  };
  const timer = setInterval(take, options.intervalMs).unref();
  return {
    stop() {
      clearInterval(timer);
      take();
      gpus.stop();
    },
  };
}

interface Source {
  readonly proc: string;
  readonly pid: number;
  readonly read: ReadProc;
}

interface Look {
  readonly time: number;
  readonly cores: readonly CoreTime[];
  readonly processes: readonly ProcessUse[];
  readonly network: NetworkBytes;
}

function look({ proc, pid, read }: Source, time: number): Look {
  return { time, cores: readCores(read), processes: readProcessTree(proc, read, pid), network: readNetwork(read) };
}

function sampleBetween(
  before: Look,
  after: Look,
  { total, gpus }: { readonly total: number; readonly gpus: GpuWatch },
): Omit<SystemSample, 'host'> {
  const seconds = (after.time - before.time) / 1000;
  const spent = after.cores.map((core, i) => coreTimeSince(before.cores[i], core));
  const shares = (part: 'busy' | 'waiting') => spent.map((core) => share(core[part], core.total));
  const own = usedSince(before.processes, after.processes);
  const known = after.processes.length > 0;
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  return {
    kind: 'system',
    time: after.time / 1000,
    cpu: shares('busy'),
    ...(known && { ownCpu: Math.min(100, share(own.cpu / seconds, after.cores.length)) }),
    ioWait: share(sum(shares('waiting')), after.cores.length * 100),
    memory: { used: known ? sum(after.processes.map(({ memory }) => memory)) : memoryOfMachine(), total },
    disk: { read: own.read / seconds, written: own.written / seconds },
    network: {
      received: Math.max(0, after.network.received - before.network.received) / seconds,
      sent: Math.max(0, after.network.sent - before.network.sent) / seconds,
    },
    gpu: gpus.latest(),
  };
}

function coreTimeSince(before: CoreTime | undefined, after: CoreTime): CoreTime {
  const since = (part: keyof CoreTime) => Math.max(0, after[part] - (before?.[part] ?? 0));
  return { busy: since('busy'), waiting: since('waiting'), total: since('total') };
}

/** What processes used in between: each counts on its own, since those that ended take their figures with them. */
function usedSince(before: readonly ProcessUse[], after: readonly ProcessUse[]): Omit<ProcessUse, 'key' | 'memory'> {
  const known = new Map(before.map((use) => [use.key, use]));
  const used = { cpu: 0, read: 0, written: 0 };
  for (const use of after) {
    const earlier = known.get(use.key);
    for (const part of ['cpu', 'read', 'written'] as const)
      used[part] += Math.max(0, use[part] - (earlier?.[part] ?? 0));
  }
  return used;
}

/** Per cent; 0 of nothing. */
function share(part: number, whole: number): number {
  return whole > 0 ? (part / whole) * 100 : 0;
}
