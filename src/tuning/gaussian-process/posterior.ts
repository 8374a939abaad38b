import { type Cholesky, cholesky, solveLower } from './cholesky.ts';
import { type Inputs, squaredDistances } from './inputs.ts';
import { type Kernel, matern52 } from './kernel.ts';
import { covariance, weightsOf } from './likelihood.ts';

/** What is known of the function at a point; without the noise of an observation. */
export interface Prediction {
  readonly mean: number;
  readonly variance: number;
}

export interface Posterior {
  predict(row: ArrayLike<number>): Prediction;
}

/** A Gaussian process given observations: Rasmussen & Williams 2006, algorithm 2.1. */
export function posteriorOf(inputs: Inputs, y: Float64Array, kernel: Kernel): Posterior {
  const factor = cholesky(covariance(squaredDistances(inputs), kernel, inputs.rows), inputs.rows);
  return { predict: predictor(inputs, kernel, { factor, weights: weightsOf(factor, y) }) };
}

function predictor(
  { rows, data, categorical }: Inputs,
  { lengthScales, signal }: Kernel,
  { factor, weights }: { readonly factor: Cholesky; readonly weights: Float64Array },
): Posterior['predict'] {
  const width = categorical.length;
  const inverseSquares = lengthScales.map((length) => 1 / length ** 2);
  const toRow = new Float64Array(rows);
  return (row) => {
    for (let i = 0; i < rows; i++) {
      let squared = 0;
      for (let k = 0; k < width; k++) {
        const difference = data[i * width + k]! - row[k]!;
        squared += inverseSquares[k]! * (categorical[k] ? Number(difference !== 0) : difference * difference);
      }
      toRow[i] = signal * matern52(squared);
    }
    const explained = solveLower(factor, toRow);
    let mean = 0;
    let variance = signal;
    for (let i = 0; i < rows; i++) {
      mean += toRow[i]! * weights[i]!;
      variance -= explained[i]! ** 2;
    }
    // Rounding takes it below 0 at an observed point without noise.
    return { mean, variance: Math.max(variance, 1e-12 * signal) };
  };
}
