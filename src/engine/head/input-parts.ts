import type { HeadShape } from './parameters.ts';
import type { State } from './trainer.ts';

/**
 * An optimiser's ten passes over the first weight are half of a step's time, and most of that is waiting for memory when the weight and
 * its state don't fit the cache. So its input rows are cut into parts of at most 256 KiB, and each part goes through all passes while it is
 * in a core's own cache (measured on 2048 → 133: bench/head). The parts are equal, so their number divides the inputs.
 */
export function partsOf({ inputs, hidden, classes }: HeadShape): number {
  const bytes = 4 * inputs * (hidden || classes);
  const wanted = Math.ceil(bytes / partBytes);
  for (let parts = wanted; parts <= 4 * wanted; parts++) if (inputs % parts === 0) return parts;
  return 1;
}

const partBytes = 256 * 1024;

export function partName(name: string, part: number): string {
  return `${name}.part${part}`;
}

/** `weight0` [D, H] as views of its `parts` blocks of rows. */
export function cut(state: State, parts: number): State {
  if (parts === 1) return state;
  const { weight0, ...rest } = state;
  const [inputs, outputs] = weight0!.dims as [number, number];
  const rows = inputs / parts;
  const size = rows * outputs;
  const blocks = Array.from({ length: parts }, (_, k) => {
    const data = weight0!.data.slice(k * size, (k + 1) * size);
    return [partName('weight0', k), { dims: [rows, outputs], data }] as const;
  });
  return { ...Object.fromEntries(blocks), ...rest };
}

/** The inverse of `cut`. */
export function join(state: State, parts: number): State {
  if (parts === 1) return state;
  const blocks = Array.from({ length: parts }, (_, k) => state[partName('weight0', k)]!);
  const [rows, outputs] = blocks[0]!.dims as [number, number];
  const data = new Float32Array(parts * rows * outputs);
  for (const [k, block] of blocks.entries()) data.set(block.data as Float32Array, k * rows * outputs);
  const rest = Object.entries(state).filter(([name]) => !name.startsWith('weight0.part'));
  return { weight0: { dims: [parts * rows, outputs], data }, ...Object.fromEntries(rest) };
}
