import { binomialTail } from './statistics.ts';

/** Whether a model knows more than which class is the largest. */
export interface ChanceTest {
  /** Always naming the largest class of this split, without looking. */
  readonly largestClass: number;
  /** 1 ÷ classes: naming any class blindly. */
  readonly uniform: number;
  /** The test, in words. */
  readonly test: string;
  /** Probability of at least as many correct pictures from naming the largest class. */
  readonly pValue: number;
  readonly above: boolean;
  readonly warning?: string;
}

const level = 0.05;

/**
 * One-sided exact binomial test of the correct pictures against the share of the split's largest class. 1 ÷ classes would be too easy
 * where classes are uneven: a model that has learnt nothing but the largest class would pass.
 */
export function testAgainstChance(
  correct: number,
  pictures: number,
  largestShare: number,
  classCount: number,
): ChanceTest {
  const uniform = 1 / classCount;
  const bar = Math.max(largestShare, uniform);
  const pValue = binomialTail(correct, pictures, bar);
  const above = pValue < level;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const warning =
    `NOT ABOVE CHANCE: ${correct} of ${pictures} pictures are right (${percent(correct / pictures)}), and always naming the ` +
    `largest class gets ${percent(bar)}. A model without any knowledge does as well with probability ${pValue.toFixed(2)}. ` +
    'Do not use this model: look at the labels, the backbone and the learning curves first, or evaluate on more pictures.';
  return {
    largestClass: largestShare,
    uniform,
    test: `one-sided exact binomial test against the largest class's share, level ${level}`,
    pValue,
    above,
    ...(!above && { warning }),
  };
}
