import type { Random } from '../../random/index.ts';
import { type Estimate, middle95 } from './statistics.ts';

/** Pictures whose confidence lies in (from, to]. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly pictures: number;
  /** Means over the bin; 0 where it is empty. */
  readonly confidence: number;
  readonly accuracy: number;
  /** Where the accuracy of a perfectly calibrated model with these confidences lies, 95 % of the time. */
  readonly expected: Estimate;
}

export interface Calibration {
  readonly bins: readonly ReliabilityBin[];
  /** Expected calibration error: the mean of |accuracy − confidence| over the bins, weighted by pictures. */
  readonly ece: number;
  /** Before temperature scaling. */
  readonly rawEce: number;
  /** The ECE of a perfectly calibrated model at this n: never 0, as accuracies scatter. `value` is its mean. */
  readonly perfectEce: Estimate;
  /** The ECE is no larger than a perfectly calibrated model's may be. */
  readonly withinBand: boolean;
}

/** Guo et al. 2017 (arXiv 1706.04599) use 15 bins of equal width. */
const binCount = 15;
const simulations = 1000;

function binOf(confidence: number): number {
  return Math.min(binCount - 1, Math.max(0, Math.ceil(confidence * binCount) - 1));
}

/** `confidence[i]` is the probability of the predicted class, `correct[i]` 1 where that was right. */
export function eceOf(confidence: Float64Array, correct: Uint8Array): number {
  const gap = new Float64Array(binCount);
  for (let i = 0; i < confidence.length; i++) gap[binOf(confidence[i]!)]! += correct[i]! - confidence[i]!;
  return gap.reduce((sum, g) => sum + Math.abs(g), 0) / confidence.length;
}

/**
 * Reliability of the top-label probability, with the band of a perfectly calibrated model by consistency resampling (Bröcker & Smith
 * 2007): outcomes are drawn from the confidences themselves.
 */
export function calibrationOf(
  confidence: Float64Array,
  rawConfidence: Float64Array,
  correct: Uint8Array,
  random: Random,
): Calibration {
  const pictures = new Float64Array(binCount);
  const confidenceSum = new Float64Array(binCount);
  const correctSum = new Float64Array(binCount);
  for (let i = 0; i < confidence.length; i++) {
    const bin = binOf(confidence[i]!);
    pictures[bin]!++;
    confidenceSum[bin]! += confidence[i]!;
    correctSum[bin]! += correct[i]!;
  }
  const { eces, accuracies } = simulatePerfect(confidence, pictures, confidenceSum, random);
  const bins = accuracies.map((simulated, b): ReliabilityBin => {
    const n = pictures[b]!;
    const mean = n ? confidenceSum[b]! / n : 0;
    const expected = n ? middle95(mean, simulated) : { value: 0, low: 0, high: 0 };
    return {
      from: b / binCount,
      to: (b + 1) / binCount,
      pictures: n,
      confidence: mean,
      accuracy: n ? correctSum[b]! / n : 0,
      expected,
    };
  });
  const ece = eceOf(confidence, correct);
  const perfectEce = middle95(eces.reduce((a, b) => a + b, 0) / simulations, eces);
  return { bins, ece, rawEce: eceOf(rawConfidence, correct), perfectEce, withinBand: ece <= perfectEce.high };
}

function simulatePerfect(
  confidence: Float64Array,
  pictures: Float64Array,
  confidenceSum: Float64Array,
  random: Random,
): { eces: Float64Array; accuracies: Float64Array[] } {
  const eces = new Float64Array(simulations);
  const accuracies = Array.from({ length: binCount }, () => new Float64Array(simulations));
  const bins = Uint8Array.from(confidence, binOf);
  const drawn = new Float64Array(binCount);
  for (let s = 0; s < simulations; s++) {
    drawn.fill(0);
    for (let i = 0; i < bins.length; i++) if (random.next() < confidence[i]!) drawn[bins[i]!]!++;
    let gap = 0;
    for (let b = 0; b < binCount; b++) {
      gap += Math.abs(drawn[b]! - confidenceSum[b]!);
      if (pictures[b]! > 0) accuracies[b]![s] = drawn[b]! / pictures[b]!;
    }
    eces[s] = gap / confidence.length;
  }
  return { eces, accuracies };
}
