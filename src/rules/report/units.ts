/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (!(seconds >= 0)) return '–';
  if (seconds < 0.0995) return `${Number((seconds * 1000).toPrecision(2))} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const scales = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Decimal: 1 kB is 1000 bytes. */
export function bytes(count: number): string {
  if (!Number.isFinite(count)) return '–';
  let [value, scale] = [count, 0];
  while (Math.abs(value) >= 999.5 && scale < scales.length - 1) [value, scale] = [value / 1000, scale + 1];
  return `${Number(value.toPrecision(3))} ${scales[scale]}`;
}

export const rate = (bytesPerSecond: number): string => `${bytes(bytesPerSecond)}/s`;

/** `37 %`. */
export const share = (percentage: number): string =>
  Number.isFinite(percentage) ? `${percentage < 9.95 ? Number(percentage.toFixed(1)) : Math.round(percentage)} %` : '–';

/** Seconds since 1970 as 2026-01-31 12:00:00 UTC. */
export function moment(time: number): string {
  const date = new Date(time * 1000);
  return Number.isNaN(date.getTime())
    ? '–'
    : date
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d+Z$/, ' UTC');
}
