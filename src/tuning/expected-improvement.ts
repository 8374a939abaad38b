import type { Prediction } from './gaussian-process/posterior.ts';

/**
 * Log of the expected improvement below `best`, σ (φ(z) + z Φ(z)) with z = (best − mean) / σ: Jones et al. 1998
 * (https://doi.org/10.1023/A:1008306431147), equation 15. The logarithm still tells points apart where nearly nothing is to be
 * gained and the value itself has vanished (Ament et al. 2023, https://arxiv.org/abs/2310.20708).
 */
export function logExpectedImprovement({ mean, variance }: Prediction, best: number): number {
  const deviation = Math.sqrt(variance);
  return Math.log(deviation) + logImprovement((best - mean) / deviation);
}

const logRootTwoPi = 0.5 * Math.log(2 * Math.PI);

/** log(φ(z) + z Φ(z)). */
function logImprovement(z: number): number {
  if (z > -1) return Math.log(density(z) + z * distribution(z));
  // With t = −z, Φ(−t) = φ(t) / (t + r): then φ − t Φ(−t) = φ(t) r / (t + r), and nothing cancels.
  const t = -z;
  const r = millsRest(t);
  return -0.5 * t * t - logRootTwoPi + Math.log(r / (t + r));
}

function density(z: number): number {
  return Math.exp(-0.5 * z * z - logRootTwoPi);
}

/** Φ for z > −1. */
function distribution(z: number): number {
  if (z >= 3) return 1 - density(z) / (z + millsRest(z));
  // Φ(z) = ½ + φ(z) (z + z³/3 + z⁵/15 + …): Abramowitz & Stegun 26.2.11.
  let term = z;
  let sum = z;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return 0.5 + density(z) * sum;
}

/** r of the continued fraction for Mills' ratio, Φ(−t)/φ(t) = 1/(t + r), r = 1/(t + 2/(t + 3/(t + …))): A & S 26.2.14. For t ≥ 1. */
function millsRest(t: number): number {
  let rest = 0;
  for (let k = Math.ceil(20 + 150 / (t * t)); k >= 1; k--) rest = k / (t + rest);
  return rest;
}
