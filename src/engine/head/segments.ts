import type { Stepper } from './stepper.ts';

/** Steps of one size that run in one call: `count` times `size` rows from `row` of the order on. */
export interface Segment {
  readonly row: number;
  readonly size: number;
  readonly count: number;
  readonly whole: boolean;
}

/**
 * An epoch in as few calls as there can be. A step whose tensors are kept has one of its own, and so has the last, smaller batch, which
 * has another shape.
 */
export function segmentsOf(
  { rows, size, first }: { readonly rows: number; readonly size: number; readonly first: number },
  { keeps }: Pick<Stepper, 'keeps'>,
): Segment[] {
  const count = Math.floor(rows / size);
  const segments: Segment[] = [];
  let from = 0;
  const until = (end: number): void => {
    if (end > from) segments.push({ row: from * size, size, count: end - from, whole: false });
    from = end;
  };
  for (let index = 0; index < count; index++) {
    if (!keeps(first + index)) continue;
    until(index);
    segments.push({ row: index * size, size, count: 1, whole: true });
    from = index + 1;
  }
  until(count);
  const rest = rows - count * size;
  if (rest > 0) segments.push({ row: count * size, size: rest, count: 1, whole: keeps(first + count) });
  return segments;
}
