import { percent } from '../number-text.ts';

/** How percentages are spread, in bins of half a per cent, so that a long job takes no more memory than a short one. */
export interface Usage {
  add(value: number): void;
  readonly count: number;
  readonly mean: number;
  readonly highest: number;
  /** To the half per cent. NaN of nothing. */
  quantile(q: number): number;
}

export function createUsage(): Usage {
  const counts = new Uint32Array(201);
  let [count, sum, highest] = [0, 0, 0];
  return {
    add(value) {
      if (!Number.isFinite(value)) return;
      const bounded = Math.min(100, Math.max(0, value));
      counts[Math.round(bounded * 2)]!++;
      [count, sum, highest] = [count + 1, sum + bounded, Math.max(highest, bounded)];
    },
    get count() {
      return count;
    },
    get mean() {
      return sum / count;
    },
    get highest() {
      return highest;
    },
    quantile(q) {
      if (count === 0) return Number.NaN;
      let left = q * (count - 1);
      const bin = counts.findIndex((one) => {
        left -= one;
        return left < 0;
      });
      return bin / 2;
    },
  };
}

/** `CPU 45 % (median; 95th percentile 98 %)`; nothing of nothing. */
export function usageText(what: string, usage: Usage): string {
  if (usage.count === 0) return '';
  return `${what} ${percent(usage.quantile(0.5))} (median; 95th percentile ${percent(usage.quantile(0.95))})`;
}
