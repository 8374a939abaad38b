import type { Random } from '../../random/index.ts';
import { type Estimate, middle95 } from './statistics.ts';

const resamples = 1000;

/** Mean with its 95 % percentile-bootstrap interval (Efron & Tibshirani 1993, ch. 13). */
export function bootstrapMean(values: Float64Array, random: Random): Estimate {
  const count = values.length;
  const means = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[random.integer(count)]!;
    means[r] = sum / count;
  }
  return middle95(values.reduce((a, b) => a + b, 0) / count, means);
}

/**
 * Macro-F1: the mean of F1 over the classes that have pictures. The bootstrap draws within each class, so that no class loses its
 * pictures in a resample (with six pictures per class, one in 400 would), and is centred on the estimate: F1 is concave in its
 * counts, and resampling small classes shifts its mean.
 */
export function bootstrapMacroF1(
  labels: Int32Array,
  predicted: Int32Array,
  classCount: number,
  random: Random,
): Estimate {
  const byClass: number[][] = Array.from({ length: classCount }, () => []);
  for (let i = 0; i < labels.length; i++) byClass[labels[i]!]!.push(predicted[i]!);
  const value = macroF1(byClass, (called) => called);
  const values = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++)
    values[r] = macroF1(byClass, (_, called) => called[random.integer(called.length)]!);
  const shift = value - values.reduce((a, b) => a + b, 0) / resamples;
  const { low, high } = middle95(value, values);
  return { value, low: Math.max(0, low + shift), high: Math.min(1, high + shift) };
}

function macroF1(byClass: readonly number[][], draw: (called: number, all: readonly number[]) => number): number {
  const correct = new Float64Array(byClass.length);
  const predicted = new Float64Array(byClass.length);
  for (const [label, all] of byClass.entries())
    for (const original of all) {
      const called = draw(original, all);
      predicted[called]!++;
      if (called === label) correct[label]!++;
    }
  let sum = 0;
  let classes = 0;
  for (const [label, all] of byClass.entries()) {
    if (all.length === 0) continue;
    classes++;
    sum += (2 * correct[label]!) / (all.length + predicted[label]!);
  }
  return sum / classes;
}
