/** 0.7634 → "76.3 %" */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

export function count(value: number): string {
  return value.toLocaleString('en');
}

/** The 95 % interval of a share: "(73.0–79.3)". */
export function estimate({ low, high }: { readonly low: number; readonly high: number }): string {
  return `(${(low * 100).toFixed(1)}–${(high * 100).toFixed(1)})`;
}
