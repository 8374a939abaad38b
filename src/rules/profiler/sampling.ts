import type { ParameterDefinition } from '../parameter.ts';
import type { SystemSample } from '../records.ts';

export const patienceParameter: ParameterDefinition = {
  ...{ name: 'patience', type: 'integer', default: 1000, minimum: 1 },
  meaning: 'samples that are let pass before anything is judged: at 500 ms apart, 1000 are over 8 minutes',
};

export const scanParameter: ParameterDefinition = {
  ...{ name: 'scan_interval_us', type: 'integer', default: 60_000_000, minimum: 1 },
  meaning: 'microseconds between two judgements; there is one more at the end of the job',
};

/** So many hosts, GPUs and the like are followed; a job has a hundred instances at most. */
const mostKeys = 1000;

/** Something kept for each of several keys, made when it is first asked for. Undefined beyond so many keys. */
export function createByKey<V>(make: () => V): {
  of(key: string): V | undefined;
  /** In the order of the keys, `algo-2` before `algo-10`: hosts begin to tell as it comes. */
  entries(): readonly (readonly [string, V])[];
} {
  const values = new Map<string, V>();
  return {
    of(key) {
      let value = values.get(key);
      if (value === undefined && values.size < mostKeys) {
        value = make();
        values.set(key, value);
      }
      return value;
    },
    entries: () => [...values].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })),
  };
}

/** Says when the next judgement is due, by the time of the samples. */
export function createScan(microseconds: number): { isDue(time: number): boolean } {
  let last: number | undefined;
  return {
    isDue(time) {
      if (!Number.isFinite(time)) return false;
      last ??= time;
      if (time - last < microseconds / 1e6) return false;
      last = time;
      return true;
    },
  };
}

/** The newest `size` numbers; others than finite ones are left out. */
export function createWindow(size: number): { push(value: number): void; sorted(): Float64Array } {
  const values: number[] = [];
  let next = 0;
  return {
    push(value) {
      if (!Number.isFinite(value)) return;
      values[next] = value;
      next = (next + 1) % size;
    },
    sorted: () => Float64Array.from(values).sort(),
  };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean utilisation of the cores, in per cent. */
export const cpuOf = ({ cpu }: SystemSample): number => meanOf(cpu);

/** Mean utilisation of the accelerators, in per cent. Where there is none, none is used: 0. */
export const gpuOf = ({ gpu }: SystemSample): number =>
  gpu.length === 0 ? 0 : meanOf(gpu.map(({ utilization }) => utilization));

export function waitNote(seen: number, patience: number): string {
  return `The rule waits for ${patience} samples (patience); there were ${seen}.`;
}
