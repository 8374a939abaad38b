import type { Random } from '../../random/index.ts';
import { type Inputs, squaredDistances } from './inputs.ts';
import type { Kernel } from './kernel.ts';
import { likelihood } from './likelihood.ts';
import { type Evaluated, minimise } from './minimise.ts';

/** A normal prior over the logarithm of a kernel's number. */
interface Prior {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * Weak priors, without which few observations are explained as pure noise or by length scales without end. The typical length scale
 * grows with √dimensions, as distances do (Hvarfner et al. 2024, https://arxiv.org/abs/2402.02229).
 */
function priorsOf(dimensions: number): Prior[] {
  const lengthScale = { mean: Math.log(0.3 * Math.sqrt(dimensions)), deviation: 1 };
  const signal = { mean: 0, deviation: 1 };
  const noise = { mean: Math.log(1e-3), deviation: 2 };
  return [...new Array<Prior>(dimensions).fill(lengthScale), signal, noise];
}

/**
 * The kernel with the highest marginal likelihood times prior, from the prior's middle and from `restarts` draws of it, as the
 * likelihood has several maxima (Rasmussen & Williams 2006, section 5.4.1).
 * @param y Standardised observations, one per row.
 */
export function fitKernel(
  inputs: Inputs,
  y: Float64Array,
  { random, restarts }: { readonly random: Random; readonly restarts: number },
): Kernel {
  const priors = priorsOf(inputs.categorical.length);
  const distances = squaredDistances(inputs);
  const evaluate = (theta: Float64Array): Evaluated => negativeLogPosterior(theta, { distances, y, priors });
  const starts = [
    Float64Array.from(priors, ({ mean }) => mean),
    ...Array.from({ length: restarts }, () =>
      Float64Array.from(priors, ({ mean, deviation }) => mean + deviation * random.normal()),
    ),
  ];
  const minima = starts.map((start) => minimise(evaluate, start, { iterations: 30, tolerance: 0.01 }));
  return kernelOf(minima.reduce((best, one) => (one.value < best.value ? one : best)).point);
}

function negativeLogPosterior(
  theta: Float64Array,
  {
    distances,
    y,
    priors,
  }: { readonly distances: readonly Float64Array[]; readonly y: Float64Array; readonly priors: readonly Prior[] },
): Evaluated {
  const { value, gradient } = likelihood(distances, y, kernelOf(theta));
  const deviations = priors.map(({ mean, deviation }, i) => (theta[i]! - mean) / deviation);
  return {
    value: deviations.reduce((sum, z) => sum + 0.5 * z * z, -value),
    gradient: gradient.map((part, i) => deviations[i]! / priors[i]!.deviation - part),
  };
}

/** The logarithms stay where their exponentials and the covariance stay numbers. */
function kernelOf(theta: Float64Array): Kernel {
  const [...values] = theta.map((value) => Math.exp(Math.min(12, Math.max(-18, value))));
  const dimensions = values.length - 2;
  return {
    lengthScales: Float64Array.from(values.slice(0, dimensions)),
    signal: values[dimensions]!,
    noise: values[dimensions + 1]!,
  };
}
