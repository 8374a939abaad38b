/** How much may be taken at a time: a bucket that fills steadily and is never fuller than full. */
export interface Allowance {
  /** Takes so much, which may leave a debt. @returns milliseconds until the debt is paid; 0 where there is none. */
  take(amount: number): number;
}

export interface AllowanceOptions {
  /** What the bucket holds, and holds at first. */
  readonly full: number;
  readonly perSecond: number;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

export function createAllowance({ full, perSecond, now }: AllowanceOptions): Allowance {
  let level = full;
  let at = now();
  return {
    take(amount) {
      const time = now();
      level = Math.min(full, level + ((time - at) / 1000) * perSecond) - amount;
      at = time;
      return level >= 0 ? 0 : (-level / perSecond) * 1000;
    },
  };
}
