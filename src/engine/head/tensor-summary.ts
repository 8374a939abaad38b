import type { TensorSummary } from '../../rules/records.ts';

/** Sums over a tensor from which its summary follows. */
export interface Sums {
  readonly sum: number;
  readonly absolute: number;
  readonly squares: number;
  readonly minimum: number;
  readonly maximum: number;
  /** How many are above 0. Counted for activations only: it costs as much as all the others. */
  readonly positive?: number;
}

/** The sums of the blocks that a tensor is cut into, put together. */
export function addSums(blocks: readonly Sums[]): Sums {
  const total = (of: (sums: Sums) => number): number => blocks.reduce((sum, block) => sum + of(block), 0);
  return {
    sum: total(({ sum }) => sum),
    absolute: total(({ absolute }) => absolute),
    squares: total(({ squares }) => squares),
    minimum: Math.min(...blocks.map(({ minimum }) => minimum)),
    maximum: Math.max(...blocks.map(({ maximum }) => maximum)),
    ...(blocks[0]?.positive !== undefined && { positive: total(({ positive = 0 }) => positive) }),
  };
}

/** Every element is finite; sums that are not so may also have overflowed, and must be taken by `summarise`. */
export function areFinite({ sum, absolute, squares }: Sums): boolean {
  return Number.isFinite(sum) && Number.isFinite(absolute) && Number.isFinite(squares);
}

/**
 * Sums in float32 as the graph makes them are good to about 1e-6 of the mean of the squares; so is the variance, as
 * E[x²] − E[x]²: fine for gradients, weights and logits, whose mean is not large beside their spread.
 */
export function summaryOf(sums: Sums, elements: number): TensorSummary {
  const mean = sums.sum / elements;
  return {
    elements,
    mean,
    absoluteMean: sums.absolute / elements,
    variance: Math.max(0, sums.squares / elements - mean * mean),
    minimum: sums.minimum,
    maximum: sums.maximum,
    nan: 0,
    infinite: 0,
    ...(sums.positive !== undefined && { inactive: 1 - sums.positive / elements }),
  };
}

/**
 * In float64, with NaN and infinities counted: what the graph's float32 sums cannot tell.
 * @param countInactive for activations.
 */
export function summarise(data: Float32Array, countInactive = false): TensorSummary {
  let [sum, absolute, minimum, maximum] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [positive, nan, infinite] = [0, 0, 0];
  for (const one of data) {
    sum += one;
    absolute += Math.abs(one);
    if (one < minimum) minimum = one;
    if (one > maximum) maximum = one;
    if (one > 0) positive++;
    if (Number.isNaN(one)) nan++;
    else if (!Number.isFinite(one)) infinite++;
  }
  const elements = data.length;
  const mean = sum / elements;
  let squares = 0;
  for (const one of data) squares += (one - mean) ** 2;
  return {
    ...{ elements, mean, absoluteMean: absolute / elements, variance: squares / elements, minimum, maximum },
    ...{ nan, infinite, ...(countInactive && { inactive: 1 - positive / elements }) },
  };
}
