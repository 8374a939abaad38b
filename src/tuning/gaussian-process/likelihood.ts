import { type Cholesky, cholesky, invert, logDeterminant, solveLower, solveUpper } from './cholesky.ts';
import { type Kernel, matern52, matern52Slope } from './kernel.ts';

export interface Likelihood {
  /** log p(y | X, kernel). */
  readonly value: number;
  /** By the logarithms of the length scales, of the signal's and of the noise's variance, in this order. */
  readonly gradient: Float64Array;
}

/** K + σ² I, [rows × rows]. */
export function covariance(distances: readonly Float64Array[], kernel: Kernel, rows: number): Float64Array {
  const matrix = new Float64Array(rows * rows);
  const scaled = scaledDistances(distances, kernel);
  let pair = 0;
  for (let i = 0; i < rows; i++) {
    matrix[i * rows + i] = kernel.signal + kernel.noise;
    for (let j = 0; j < i; j++) {
      const value = kernel.signal * matern52(scaled[pair++]!);
      matrix[i * rows + j] = value;
      matrix[j * rows + i] = value;
    }
  }
  return matrix;
}

/** Σ d²/ℓ² of every pair. */
function scaledDistances(distances: readonly Float64Array[], { lengthScales }: Kernel): Float64Array {
  const scaled = new Float64Array(distances[0]?.length ?? 0);
  for (const [k, squares] of distances.entries()) {
    const weight = 1 / lengthScales[k]! ** 2;
    for (let pair = 0; pair < scaled.length; pair++) scaled[pair] = scaled[pair]! + squares[pair]! * weight;
  }
  return scaled;
}

/**
 * Log marginal likelihood and its gradient: Rasmussen & Williams, "Gaussian Processes for Machine Learning" (2006,
 * https://gaussianprocess.org/gpml/), equations 2.30 and 5.9: ∂/∂θ = ½ tr((α αᵀ − K⁻¹) ∂K/∂θ) with α = K⁻¹ y.
 */
export function likelihood(distances: readonly Float64Array[], y: Float64Array, kernel: Kernel): Likelihood {
  const rows = y.length;
  const factor = cholesky(covariance(distances, kernel, rows), rows);
  const alpha = weightsOf(factor, y);
  const fit = y.reduce((sum, value, i) => sum + value * alpha[i]!, 0);
  return {
    value: -0.5 * (fit + logDeterminant(factor) + rows * Math.log(2 * Math.PI)),
    gradient: gradientOf(distances, kernel, { alpha, inverse: invert(factor) }),
  };
}

/** K⁻¹ y. */
export function weightsOf(factor: Cholesky, y: Float64Array): Float64Array {
  return solveUpper(factor, solveLower(factor, y));
}

function gradientOf(
  distances: readonly Float64Array[],
  kernel: Kernel,
  { alpha, inverse }: { readonly alpha: Float64Array; readonly inverse: Float64Array },
): Float64Array {
  const rows = alpha.length;
  const width = distances.length;
  const scaled = scaledDistances(distances, kernel);
  const slopes = new Float64Array(scaled.length);
  let trace = 0;
  let bySignal = 0;
  let pair = 0;
  for (let i = 0; i < rows; i++) {
    trace += alpha[i]! ** 2 - inverse[i * rows + i]!;
    for (let j = 0; j < i; j++) {
      // Each pair stands for two entries of a symmetric matrix, which takes up the ½.
      const weight = kernel.signal * (alpha[i]! * alpha[j]! - inverse[i * rows + j]!);
      bySignal += weight * matern52(scaled[pair]!);
      slopes[pair] = weight * matern52Slope(scaled[pair]!);
      pair += 1;
    }
  }
  const gradient = new Float64Array(width + 2);
  for (const [k, squares] of distances.entries()) {
    let sum = 0;
    for (let at = 0; at < slopes.length; at++) sum += slopes[at]! * squares[at]!;
    gradient[k] = sum / kernel.lengthScales[k]! ** 2;
  }
  gradient[width] = bySignal + 0.5 * kernel.signal * trace;
  gradient[width + 1] = 0.5 * kernel.noise * trace;
  return gradient;
}
