import type { IndexedPicture, TrainingIndex } from './training-index.ts';

export interface Neighbour {
  readonly picture: IndexedPicture;
  /** Cosine of the standardised features: 1 is the same direction, 0 nothing in common. */
  readonly similarity: number;
}

/**
 * The `k` training pictures that are most like `query` (raw features of length `index.dimension`), nearest first; equal ones in the
 * order of the index.
 */
export function nearest({
  query,
  index,
  k,
}: {
  readonly query: Float32Array;
  readonly index: TrainingIndex;
  readonly k: number;
}): Neighbour[] {
  const { dimension, pictures, mean, deviation, scales, values } = index;
  if (query.length !== dimension) throw new RangeError(`${query.length} features, the index has ${dimension}`);
  const standardised = query.map((x, d) => (x - mean[d]!) / deviation[d]!);
  const length = Math.sqrt(standardised.reduce((sum, x) => sum + x * x, 0)) || 1;
  const similarity = Float64Array.from(pictures, (_, r) => {
    let sum = 0;
    const start = r * dimension;
    for (let d = 0; d < dimension; d++) sum += standardised[d]! * values[start + d]!;
    return (sum * scales[r]!) / length;
  });
  return [...similarity.keys()]
    .sort((a, b) => similarity[b]! - similarity[a]! || a - b)
    .slice(0, k)
    .map((r) => ({ picture: pictures[r]!, similarity: similarity[r]! }));
}
