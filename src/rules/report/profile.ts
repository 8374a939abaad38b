import { cpuOf, createByKey, gpuOf, meanOf } from '../profiler/sampling.ts';
import { createUsage, type Usage } from '../profiler/usage.ts';
import type { PhaseRecord, ProfileRecord, SystemSample, TimingRecord } from '../records.ts';

/** What a job leaves for its report, in bounded memory: long series become means over ever longer stretches. */
export interface Profile {
  readonly hosts: readonly HostProfile[];
  /** In the order of their steps. */
  readonly timings: readonly Timing[];
}

export interface HostProfile {
  readonly host: string;
  /** At most 500, each the mean of as many samples. */
  readonly points: readonly SystemSample[];
  readonly samples: number;
  readonly cpu: UsageFigures;
  readonly ownCpu: UsageFigures;
  readonly ioWait: UsageFigures;
  /** Per cent of the memory that there is. */
  readonly memory: UsageFigures;
  readonly gpu: UsageFigures;
  readonly phases: readonly PhaseRecord[];
}

/** Per cent. All 0 where nothing was measured. */
export interface UsageFigures {
  readonly samples: number;
  readonly mean: number;
  readonly p5: number;
  readonly p50: number;
  readonly p95: number;
  readonly highest: number;
}

/** Steps that were timed together. */
export interface Timing {
  readonly host: string;
  readonly epoch: number;
  /** The last of them. */
  readonly step: number;
  /** Seconds since 1970 at which they began. */
  readonly start: number;
  /** Mean seconds of a step, and of one in the slowest of the stretches that are put together here. */
  readonly seconds: number;
  readonly slowest: number;
}

export interface ProfileCollector {
  observe(record: ProfileRecord): void;
  profile(): Profile;
}

/** More than ever happen; a guard. */
const mostPhases = 500;

/** Collects what the report shows. Give it every profiler record of the job, of all hosts. */
export function createProfile(): ProfileCollector {
  const hosts = createByKey(openHost);
  const timings = createThinned<Timing>(joinTimings);
  return {
    observe(record) {
      if (record.kind === 'timing') return timings.add(timingOf(record));
      const host = hosts.of(record.host);
      if (record.kind === 'system') host?.add(record);
      else if (host && host.phases.length < mostPhases) host.phases.push(record);
    },
    profile: () => ({
      hosts: hosts.entries().map(([host, { figures, phases }]) => ({ host, ...figures(), phases })),
      timings: timings.items(),
    }),
  };
}

function openHost() {
  const points = createThinned<SystemSample>(joinSamples);
  const usage = {
    ...{ cpu: createUsage(), ownCpu: createUsage(), ioWait: createUsage(), memory: createUsage(), gpu: createUsage() },
  };
  let samples = 0;
  return {
    phases: [] as PhaseRecord[],
    add(sample: SystemSample) {
      samples++;
      points.add(sample);
      usage.cpu.add(cpuOf(sample));
      usage.ownCpu.add(sample.ownCpu ?? Number.NaN);
      usage.ioWait.add(sample.ioWait);
      usage.memory.add((sample.memory.used / sample.memory.total) * 100);
      if (sample.gpu.length > 0) usage.gpu.add(gpuOf(sample));
    },
    figures: () => ({
      ...{ points: points.items(), samples, cpu: figuresOf(usage.cpu), ownCpu: figuresOf(usage.ownCpu) },
      ...{ ioWait: figuresOf(usage.ioWait), memory: figuresOf(usage.memory), gpu: figuresOf(usage.gpu) },
    }),
  };
}

function figuresOf(usage: Usage): UsageFigures {
  if (usage.count === 0) return { samples: 0, mean: 0, p5: 0, p50: 0, p95: 0, highest: 0 };
  const { count: samples, mean, highest } = usage;
  return { samples, mean, p5: usage.quantile(0.05), p50: usage.quantile(0.5), p95: usage.quantile(0.95), highest };
}

const mostItems = 500;

/** Keeps at most 500 items: when they are full, neighbours are joined, and later ones are joined as many before they come in. */
function createThinned<T>(join: (items: readonly [T, ...T[]]) => T): { add(item: T): void; items(): readonly T[] } {
  let kept: T[] = [];
  let waiting: T[] = [];
  let each = 1;
  return {
    add(item) {
      waiting.push(item);
      if (waiting.length < each) return;
      kept.push(join(waiting as [T, ...T[]]));
      waiting = [];
      if (kept.length < mostItems) return;
      kept = Array.from({ length: mostItems / 2 }, (_, i) => join([kept[2 * i]!, kept[2 * i + 1]!]));
      each *= 2;
    },
    items: () => (waiting.length > 0 ? [...kept, join(waiting as [T, ...T[]])] : kept),
  };
}

function joinSamples(samples: readonly [SystemSample, ...SystemSample[]]): SystemSample {
  const [first] = samples;
  if (samples.length === 1) return first;
  const mean = (of: (sample: SystemSample) => number): number => meanOf(samples.map(of));
  const own = samples.flatMap(({ ownCpu }) => (ownCpu === undefined ? [] : [ownCpu]));
  return {
    ...{ kind: 'system', host: first.host, time: mean(({ time }) => time), ioWait: mean(({ ioWait }) => ioWait) },
    cpu: first.cpu.map((_, core) => mean(({ cpu }) => cpu[core] ?? 0)),
    ...(own.length > 0 && { ownCpu: meanOf(own) }),
    memory: { used: mean(({ memory }) => memory.used), total: first.memory.total },
    disk: { read: mean(({ disk }) => disk.read), written: mean(({ disk }) => disk.written) },
    network: { received: mean(({ network }) => network.received), sent: mean(({ network }) => network.sent) },
    gpu: first.gpu.map((_, index) => ({
      utilization: mean(({ gpu }) => gpu[index]?.utilization ?? 0),
      memory: mean(({ gpu }) => gpu[index]?.memory ?? 0),
    })),
  };
}

function timingOf({ host, epoch, step, steps, start, seconds }: TimingRecord): Timing {
  const each = seconds / Math.max(1, steps);
  return { host, epoch, step, start, seconds: each, slowest: each };
}

function joinTimings(timings: readonly [Timing, ...Timing[]]): Timing {
  return {
    ...timings.at(-1)!,
    start: timings[0].start,
    seconds: meanOf(timings.map(({ seconds }) => seconds)),
    slowest: Math.max(...timings.map(({ slowest }) => slowest)),
  };
}
