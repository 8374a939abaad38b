import type { Estimate } from '../evaluation/statistics.ts';

/** Numbers look the same wherever they stand. A no-break space keeps number and unit together. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}\u00a0%`;
}

/** "84.6–92.7 %" */
export function percentRange({ low, high }: Pick<Estimate, 'low' | 'high'>): string {
  return `${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}\u00a0%`;
}

export function nats(value: number): string {
  return value.toFixed(value < 10 ? 3 : 1);
}

export function natsRange({ low, high }: Pick<Estimate, 'low' | 'high'>): string {
  return `${nats(low)}–${nats(high)}`;
}

/** 6,240 */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** "1 picture", "6,240 pictures" */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : noun.endsWith('s') ? 'es' : 's'}`;
}

export function seconds(value: number): string {
  if (value < 10) return `${value.toFixed(2)}\u00a0s`;
  if (value < 120) return `${value.toFixed(1)}\u00a0s`;
  return `${Math.floor(value / 60)}\u00a0min ${Math.round(value % 60)}\u00a0s`;
}

export function bytes(value: number): string {
  if (value < 1e3) return `${value}\u00a0B`;
  return value < 1e6 ? `${(value / 1e3).toFixed(1)}\u00a0kB` : `${(value / 1e6).toFixed(1)}\u00a0MB`;
}

/** Up to four significant digits, without the noise of binary fractions. */
export function plain(value: string | number | boolean): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : String(value);
}

/** "9 in 10", for people; undefined where no simple fraction is near. */
export function inWords(share: number): string {
  if (share >= 0.995) return 'nearly all';
  for (const whole of [2, 3, 4, 5, 10, 20, 100]) {
    const parts = Math.round(share * whole);
    if (parts > 0 && parts < whole && Math.abs(parts / whole - share) <= 0.026) return `about ${parts} in ${whole}`;
  }
  return share < 0.005 ? 'hardly any' : `about ${Math.round(share * 100)} in 100`;
}

export function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}
