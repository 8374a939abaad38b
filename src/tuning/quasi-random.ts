import { seededRandom } from '../random/index.ts';

/**
 * Points that fill the unit cube evenly: the Halton sequence with its digits permuted at random, by place and dimension
 * (Owen 2017, https://arxiv.org/abs/1706.02808). Without the permutations, coordinates of higher dimensions would run in parallel.
 * @returns The n-th point, n from 0.
 */
export function quasiRandom(dimensions: number, seed: string): (index: number) => number[] {
  const axes = primes(dimensions).map((base, dimension) => axisOf(base, `${seed}/axis ${dimension}`));
  return (index) => axes.map((at) => at(index));
}

function axisOf(base: number, seed: string): (index: number) => number {
  const random = seededRandom(seed);
  const places = Math.ceil(32 / Math.log2(base));
  const permutations = Array.from({ length: places }, () =>
    random.shuffle(Uint32Array.from({ length: base }, (_, i) => i)),
  );
  return (index) => {
    let rest = index;
    let value = 0;
    let weight = 1;
    for (const permutation of permutations) {
      weight /= base;
      value += weight * permutation[rest % base]!;
      rest = Math.floor(rest / base);
    }
    return Math.min(value, 1 - 2 ** -32);
  };
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}
