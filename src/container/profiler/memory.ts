import { freemem, totalmem } from 'node:os';
import type { ReadProc } from './proc-files.ts';
import { procReader } from './proc-files.ts';

/** Bytes that there are: the container's limit where it has one below what the machine has. */
export function memoryLimit(read: ReadProc, cgroups = '/sys/fs/cgroup'): number {
  const machine = Number(read('meminfo')?.match(/^MemTotal:\s*(\d+) kB/m)?.[1] ?? 0) * 1024 || totalmem();
  const group = procReader(cgroups);
  const texts = [group('memory.max'), group('memory', 'memory.limit_in_bytes')];
  const limits = texts.map((text) => Number(text?.trim() || Number.NaN)).filter((limit) => limit > 0);
  return Math.min(machine, ...limits);
}

/** Bytes in use on the whole machine, where processes cannot be told apart. */
export const memoryOfMachine = (): number => totalmem() - freemem();
