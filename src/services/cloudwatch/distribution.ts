/**
 * How values are distributed, small enough to be kept for every minute and exact to merge: the order of merging makes no difference.
 *
 * Up to 32 different values are kept as they are. More become a DDSketch (https://arxiv.org/abs/1908.10693): bins whose width grows with
 * the value, so that a percentile is within 1 % of the true value. Where 256 bins do not suffice, each pair becomes one (within 2 %,
 * then 4 %, …); 256 bins of 1 % hold values from 1 to 167. CloudWatch computes no percentiles where a value is negative.
 */
export type Distribution =
  | { readonly kind: 'exact'; readonly counts: ReadonlyMap<number, number> }
  | {
      readonly kind: 'sketch';
      /** How often the width of the bins was doubled. */
      readonly doublings: number;
      /** How often the value was 0, which has no logarithm. */
      readonly zeros: number;
      readonly bins: ReadonlyMap<number, number>;
    };

type Sketch = Extract<Distribution, { kind: 'sketch' }>;

const accuracy = 0.01;
const logBase = Math.log((1 + accuracy) / (1 - accuracy));
const exactValues = 32;
const largestSketch = 256;

/** @returns undefined where there are too many values to keep, and negative ones among them. */
export function distributionOf(counts: ReadonlyMap<number, number>): Distribution | undefined {
  if (counts.size <= exactValues) return { kind: 'exact', counts };
  if ([...counts.keys()].some((value) => value < 0)) return undefined;
  return narrowed(sketchOf(counts));
}

export function mergeDistributions(a: Distribution, b: Distribution): Distribution | undefined {
  if (a.kind === 'exact' && b.kind === 'exact') return distributionOf(addCounts(a.counts, b.counts));
  if (hasNegative(a) || hasNegative(b)) return undefined;
  return narrowed(mergeSketches(asSketch(a), asSketch(b)));
}

/**
 * The value that `percent` of all are not above: the nearest rank, so for an exact distribution one of the values.
 * @param percent 0 to 100.
 */
export function percentile(distribution: Distribution, percent: number): number {
  const entries = valuesOf(distribution).sort(([a], [b]) => a - b);
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  const rank = (percent / 100) * total;
  let seen = 0;
  for (const [value, count] of entries) {
    seen += count;
    if (seen >= rank) return value;
  }
  return entries.at(-1)?.[0] ?? Number.NaN;
}

function valuesOf(distribution: Distribution): [number, number][] {
  if (distribution.kind === 'exact') return [...distribution.counts];
  const { zeros, bins, doublings } = distribution;
  const base = Math.exp(logBase * 2 ** doublings);
  const values = [...bins].map(([bin, count]): [number, number] => [(2 * base ** bin) / (base + 1), count]);
  return zeros > 0 ? [[0, zeros], ...values] : values;
}

function asSketch(distribution: Distribution): Sketch {
  return distribution.kind === 'sketch' ? distribution : sketchOf(distribution.counts);
}

function sketchOf(counts: ReadonlyMap<number, number>): Sketch {
  const bins = new Map<number, number>();
  for (const [value, count] of counts) {
    if (value > 0) add(bins, Math.ceil(Math.log(value) / logBase), count);
  }
  return { kind: 'sketch', doublings: 0, zeros: counts.get(0) ?? 0, bins };
}

function mergeSketches(a: Sketch, b: Sketch): Sketch {
  const doublings = Math.max(a.doublings, b.doublings);
  const [first, second] = [doubled(a, doublings - a.doublings), doubled(b, doublings - b.doublings)];
  return {
    kind: 'sketch',
    doublings,
    zeros: a.zeros + b.zeros,
    bins: addCounts(first.bins, second.bins),
  };
}

function narrowed(sketch: Sketch): Sketch {
  let result = sketch;
  while (result.bins.size > largestSketch) result = doubled(result, 1);
  return result;
}

function doubled(sketch: Sketch, times: number): Sketch {
  if (times === 0) return sketch;
  const factor = 2 ** times;
  const bins = new Map<number, number>();
  for (const [bin, count] of sketch.bins) add(bins, Math.ceil(bin / factor), count);
  return { ...sketch, doublings: sketch.doublings + times, bins };
}

function hasNegative(distribution: Distribution): boolean {
  return distribution.kind === 'exact' && [...distribution.counts.keys()].some((value) => value < 0);
}

function addCounts(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): Map<number, number> {
  const sum = new Map(a);
  for (const [value, count] of b) add(sum, value, count);
  return sum;
}

function add(counts: Map<number, number>, key: number, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
