/** A measured value with as many digits as help. The largest number stands for infinity, as it does in findings. */
export function shown(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  const size = Math.abs(value);
  if (size >= Number.MAX_VALUE) return value > 0 ? 'infinite' : 'minus infinite';
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(2);
  return Number(value.toPrecision(4)).toString();
}

/** `37 %` of a percentage. */
export function percent(value: number): string {
  return `${shown(Math.round(value * 10) / 10)} %`;
}

/** `1 step`, `3 steps`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
