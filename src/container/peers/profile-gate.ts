/**
 * Which of a follower's profile records the leader believes. They decide nothing about the model, so what is wrong with them is dropped in
 * silence and never ends a job.
 */
import type { PhaseRecord, ProfileRecord, SystemSample, TimingRecord } from '../../rules/index.ts';

/** At once, and per second in the long run: samples are taken ten times a second at most, and a queue of 600 comes first. */
const rate = { burst: 1000, perSecond: 50 } as const;
const most = { cores: 1024, gpus: 64, nameLength: 64 } as const;
/** Clocks of hosts may differ; a record of another day would leave the report without a scale. Milliseconds. */
const mostSkew = 3_600_000;
/** The longest that a training job may take on SageMaker, in milliseconds. */
const longestJob = 28 * 86_400_000;

/** @returns takes what a message `profile` of that host holds, and gives the records in it that are sound, with the host's own name. */
export function profileGate(host: string, now: () => number): (records: unknown) => readonly ProfileRecord[] {
  let left: number = rate.burst;
  let refilled = now();
  return (records) => {
    const time = now();
    left = Math.min(rate.burst, left + (Math.max(0, time - refilled) / 1000) * rate.perSecond);
    refilled = time;
    const taken = Array.isArray(records) ? records.slice(0, Math.floor(left)) : [];
    left -= taken.length;
    return taken.flatMap((record: unknown) => soundRecord(record, host, time) ?? []);
  };
}

type Fields = Readonly<Record<string, unknown>>;

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isAmount = (value: unknown): value is number => isNumber(value) && value >= 0;
const isShare = (value: unknown): value is number => isAmount(value) && value <= 100;
const isWhole = (value: unknown): value is number => isAmount(value) && Number.isSafeInteger(value);
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** The record with its known members only. */
function soundRecord(record: unknown, host: string, now: number): ProfileRecord | undefined {
  if (!isFields(record)) return undefined;
  if (record.kind === 'system') return soundSample(record, host, now);
  if (record.kind === 'phase') return soundPhase(record, host, now);
  return record.kind === 'timing' ? soundTiming(record, host, now) : undefined;
}

const isNear = (seconds: number, now: number): boolean => Math.abs(seconds * 1000 - now) <= mostSkew;

function soundSample(sample: Fields, host: string, now: number): SystemSample | undefined {
  const { time, cpu, ownCpu, ioWait, memory, disk, network, gpu } = sample;
  if (!isNumber(time) || !isNear(time, now) || !isShare(ioWait)) return undefined;
  if (!Array.isArray(cpu) || cpu.length > most.cores || !cpu.every(isShare)) return undefined;
  if (ownCpu !== undefined && !isShare(ownCpu)) return undefined;
  const [held, moved, sent] = [
    pair(memory, 'used', 'total'),
    pair(disk, 'read', 'written'),
    pair(network, 'received', 'sent'),
  ];
  if (!held || !moved || !sent || !Array.isArray(gpu) || gpu.length > most.gpus) return undefined;
  const gpus = gpu.flatMap((one: unknown) => pair(one, 'utilization', 'memory') ?? []);
  if (gpus.length < gpu.length || !gpus.every(({ utilization, memory }) => isShare(utilization) && isShare(memory))) {
    return undefined;
  }
  return {
    ...{ kind: 'system', host, time, cpu, ioWait, memory: held, disk: moved, network: sent, gpu: gpus },
    ...(ownCpu !== undefined && { ownCpu }),
  };
}

/** Two amounts of an object. */
function pair<A extends string, B extends string>(value: unknown, a: A, b: B): Record<A | B, number> | undefined {
  if (!isFields(value)) return undefined;
  const [first, second] = [value[a], value[b]];
  return isAmount(first) && isAmount(second) ? ({ [a]: first, [b]: second } as Record<A | B, number>) : undefined;
}

function soundPhase({ name, start, end }: Fields, host: string, now: number): PhaseRecord | undefined {
  if (typeof name !== 'string' || !/^[a-z][a-z -]*$/.test(name) || name.length > most.nameLength) return undefined;
  if (!isNumber(start) || !isNumber(end) || end < start || !isNear(end, now)) return undefined;
  return (end - start) * 1000 > longestJob ? undefined : { kind: 'phase', host, name, start, end };
}

function soundTiming(timing: Fields, host: string, now: number): TimingRecord | undefined {
  const { epoch, step, steps, start, seconds } = timing;
  if (!isWhole(epoch) || !isWhole(step) || !isWhole(steps) || !isNumber(start) || !isAmount(seconds)) return undefined;
  if (epoch < 1 || steps < 1 || seconds * 1000 > longestJob || !isNear(start + seconds, now)) return undefined;
  return { kind: 'timing', host, epoch, step, steps, start, seconds };
}
