import { type Estimate, wilson } from './statistics.ts';

/** How one class fares. Precision is missing where the class was never predicted, recall where it has no picture. */
export interface ClassScore {
  readonly name: string;
  /** Pictures of this class. */
  readonly support: number;
  /** Pictures called this class. */
  readonly predicted: number;
  readonly correct: number;
  readonly precision?: Estimate;
  readonly recall?: Estimate;
  readonly f1?: Estimate;
  /** Too few pictures for the numbers to mean much: below `smallSupport`. */
  readonly smallSample: boolean;
}

/** Two classes taken for one another. */
export interface ConfusedPair {
  /** Class indices; `first` is the one that is more often taken for the other. */
  readonly first: number;
  readonly second: number;
  /** Pictures of `first` called `second`, and the other way round. */
  readonly firstAsSecond: number;
  readonly secondAsFirst: number;
}

/** [true class, predicted class, pictures], without zeros, sorted: at most one entry per picture, however many classes. */
export type ConfusionCell = readonly [actual: number, predicted: number, pictures: number];

/** Under 10 pictures the 95 % interval of a recall spans 50 points and more. */
export const smallSupport = 10;

export function confusionCells(labels: Int32Array, predicted: Int32Array, classCount: number): ConfusionCell[] {
  const counts = new Map<number, number>();
  for (let i = 0; i < labels.length; i++) {
    const key = labels[i]! * classCount + predicted[i]!;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([key, pictures]) => [Math.floor(key / classCount), key % classCount, pictures]);
}

export function classScores(names: readonly string[], cells: readonly ConfusionCell[]): ClassScore[] {
  const support = new Float64Array(names.length);
  const predicted = new Float64Array(names.length);
  const correct = new Float64Array(names.length);
  for (const [actual, called, pictures] of cells) {
    support[actual]! += pictures;
    predicted[called]! += pictures;
    if (actual === called) correct[actual]! += pictures;
  }
  return names.map((name, c) => classScore(name, support[c]!, predicted[c]!, correct[c]!));
}

function classScore(name: string, support: number, predicted: number, correct: number): ClassScore {
  return {
    name,
    support,
    predicted,
    correct,
    ...(predicted > 0 && { precision: wilson(correct, predicted) }),
    ...(support > 0 && { recall: wilson(correct, support), f1: f1Interval(support, predicted, correct) }),
    smallSample: support < smallSupport,
  };
}

/**
 * F1 = 2J ÷ (1 + J) grows with J = correct ÷ (support + predicted − correct), a proportion of the pictures that are of the class or
 * called so. Its Wilson interval, mapped.
 */
function f1Interval(support: number, predicted: number, correct: number): Estimate {
  const { value, low, high } = wilson(correct, support + predicted - correct);
  const f1 = (j: number): number => (2 * j) / (1 + j);
  return { value: f1(value), low: f1(low), high: f1(high) };
}

/** The pairs with the most mistakes between them, in either direction; equal ones in order of class. */
export function confusedPairs(cells: readonly ConfusionCell[], limit: number): ConfusedPair[] {
  const pairs = new Map<string, [number, number, number, number]>();
  for (const [actual, predicted, pictures] of cells) {
    if (actual === predicted) continue;
    const [low, high] = actual < predicted ? [actual, predicted] : [predicted, actual];
    const pair = pairs.get(`${low} ${high}`) ?? [low, high, 0, 0];
    pair[actual === low ? 2 : 3] += pictures;
    pairs.set(`${low} ${high}`, pair);
  }
  return [...pairs.values()]
    .sort((a, b) => b[2] + b[3] - a[2] - a[3] || a[0] - b[0] || a[1] - b[1])
    .slice(0, limit)
    .map(([low, high, lowAsHigh, highAsLow]) =>
      lowAsHigh >= highAsLow
        ? { first: low, second: high, firstAsSecond: lowAsHigh, secondAsFirst: highAsLow }
        : { first: high, second: low, firstAsSecond: highAsLow, secondAsFirst: lowAsHigh },
    );
}
