/** Pairs of 64-bit hashes that differ in few bits, without comparing all with all. */

/** Four parts of 16 bits: two hashes within `radius` ≤ 7 bits agree in one of them up to one bit (pigeonhole). */
const parts = 4;
export const largestRadius = 7;

function bitsSet(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Bits in which two hashes (16 hex digits) differ, 0–64. */
export function hammingDistance(a: string, b: string): number {
  const word = (text: string, at: number): number => Number.parseInt(text.slice(at, at + 8), 16);
  return bitsSet(word(a, 0) ^ word(b, 0)) + bitsSet(word(a, 8) ^ word(b, 8));
}

interface Buckets {
  /** Indices of hashes sorted by a part's value; those with value v are at offsets[v] … offsets[v + 1]. */
  readonly order: Uint32Array;
  readonly offsets: Uint32Array;
}

function bucketsOf(values: Uint16Array): Buckets {
  const offsets = new Uint32Array(65_537);
  for (const value of values) offsets[value + 1]!++;
  for (let v = 0; v < 65_536; v++) offsets[v + 1]! += offsets[v]!;
  const cursor = offsets.slice();
  const order = new Uint32Array(values.length);
  values.forEach((value, i) => {
    order[cursor[value]!++] = i;
  });
  return { order, offsets };
}

/**
 * Multi-index hashing (Norouzi, Punjani, Fleet, "Fast Search in Hamming Space with Multi-Index Hashing", 2012).
 * @param hashes distinct, 16 hex digits each.
 * @param radius at most 7.
 * @returns index pairs with a < b, each once.
 */
export function nearPairs(hashes: readonly string[], radius: number): [number, number][] {
  if (radius > largestRadius) throw new RangeError(`the radius is ${radius}, at most ${largestRadius} is possible`);
  const values = Array.from({ length: parts }, (_, part) =>
    Uint16Array.from(hashes, (hash) => Number.parseInt(hash.slice(part * 4, part * 4 + 4), 16)),
  );
  const distance = (a: number, b: number): number =>
    values.reduce((sum, value) => sum + bitsSet(value[a]! ^ value[b]!), 0);
  const pairs: [number, number][] = [];
  values.forEach((value, part) => {
    const { order, offsets } = bucketsOf(value);
    const alreadyFound = (a: number, b: number): boolean => {
      for (let earlier = 0; earlier < part; earlier++) {
        if (bitsSet(values[earlier]![a]! ^ values[earlier]![b]!) <= 1) return true;
      }
      return false;
    };
    const probe = (a: number, wanted: number): void => {
      for (let at = offsets[wanted]!; at < offsets[wanted + 1]!; at++) {
        const b = order[at]!;
        if (b > a && !alreadyFound(a, b) && distance(a, b) <= radius) pairs.push([a, b]);
      }
    };
    for (let a = 0; a < hashes.length; a++) {
      probe(a, value[a]!);
      for (let bit = 0; bit < 16; bit++) probe(a, value[a]! ^ (1 << bit));
    }
  });
  return pairs;
}
