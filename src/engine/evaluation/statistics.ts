/** The few statistics an evaluation stands on: intervals of proportions, an exact test, quantiles. */

/** A number with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The 0.975 quantile of the standard normal. */
const z95 = 1.959963984540054;

/**
 * Wilson's score interval of a proportion, 95 % (Wilson 1927). Unlike value ± 1.96 σ it stays within 0–1 and is honest at 0 of n
 * and n of n (Brown, Cai & DasGupta 2001). Without trials nothing is known: 0–1.
 */
export function wilson(successes: number, trials: number): Estimate {
  if (trials === 0) return { value: 0, low: 0, high: 1 };
  const share = successes / trials;
  const z2 = z95 * z95;
  const centre = (share + z2 / (2 * trials)) / (1 + z2 / trials);
  const half = (z95 / (1 + z2 / trials)) * Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials * trials));
  return {
    value: share,
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === trials ? 1 : Math.min(1, centre + half),
  };
}

/** P(X ≥ successes) for X ~ Binomial(trials, chance): the one-sided exact binomial test's p-value. */
export function binomialTail(successes: number, trials: number, chance: number): number {
  if (successes <= 0) return 1;
  if (successes > trials || chance <= 0) return 0;
  if (chance >= 1) return 1;
  // Summed from the term next to `successes` outwards, on the side where terms shrink, so that nothing underflows at the start.
  const odds = chance / (1 - chance);
  const above = successes > trials * chance;
  let k = above ? successes : successes - 1;
  let term = Math.exp(logChoose(trials, k) + k * Math.log(chance) + (trials - k) * Math.log1p(-chance));
  let sum = 0;
  while (term > 0 && k >= 0 && k <= trials) {
    const before = sum;
    sum += term;
    if (sum === before) break;
    if (above) {
      term *= ((trials - k) / (k + 1)) * odds;
      k++;
    } else {
      term *= k / ((trials - k + 1) * odds);
      k--;
    }
  }
  return Math.min(1, Math.max(0, above ? sum : 1 - sum));
}

function logChoose(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= Math.min(k, n - k); i++) sum += Math.log((n - i + 1) / i);
  return sum;
}

/** Linear interpolation between order statistics, as NumPy's default. `sorted` ascends and is not empty; `share` is 0–1. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (high - low) * (at - below);
}

/** The middle 95 % of simulated values, around a value computed otherwise. Sorts `simulated` in place. */
export function middle95(value: number, simulated: Float64Array): Estimate {
  simulated.sort();
  return { value, low: quantile(simulated, 0.025), high: quantile(simulated, 0.975) };
}
