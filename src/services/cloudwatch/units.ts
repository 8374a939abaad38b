/** Tables hold a unit as its position in this list, so it may only grow at the end. */
export const units = [
  ...(['None', 'Seconds', 'Microseconds', 'Milliseconds', 'Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes'] as const),
  ...(['Terabytes', 'Bits', 'Kilobits', 'Megabits', 'Gigabits', 'Terabits', 'Percent', 'Count'] as const),
  ...(['Bytes/Second', 'Kilobytes/Second', 'Megabytes/Second', 'Gigabytes/Second', 'Terabytes/Second'] as const),
  ...(['Bits/Second', 'Kilobits/Second', 'Megabits/Second', 'Gigabits/Second', 'Terabits/Second'] as const),
  'Count/Second',
] as const;

export type Unit = (typeof units)[number];

export function unitCode(unit: Unit): number {
  return units.indexOf(unit);
}

export function unitOf(code: number): Unit {
  return units[code] as Unit;
}
