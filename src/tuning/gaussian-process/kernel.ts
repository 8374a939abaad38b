/** What the prior over functions is made of; outputs are standardised, so its mean is 0. */
export interface Kernel {
  /** By parameter (automatic relevance determination), in the units of `Inputs`. */
  readonly lengthScales: Float64Array;
  /** Variance of the function. */
  readonly signal: number;
  /** Variance of an observation around the function. */
  readonly noise: number;
}

/**
 * Matérn 5/2 of a squared scaled distance r²: (1 + √5 r + 5/3 r²) exp(−√5 r). Twice differentiable, which suits how losses depend on
 * hyperparameters better than the endlessly smooth Gaussian kernel (Snoek et al. 2012, https://arxiv.org/abs/1206.2944).
 */
export function matern52(squaredDistance: number): number {
  const s = Math.sqrt(5 * squaredDistance);
  return (1 + s + (s * s) / 3) * Math.exp(-s);
}

/** −2 dk/d(r²) = 5/3 (1 + √5 r) exp(−√5 r): times d²/ℓ² it is the derivative by log ℓ of one parameter. */
export function matern52Slope(squaredDistance: number): number {
  const s = Math.sqrt(5 * squaredDistance);
  return (5 / 3) * (1 + s) * Math.exp(-s);
}
