/** What stands between two stars of a pattern. */
export interface Run {
  readonly length: number;
  isAt(value: string, at: number): boolean;
  /** First place from `from` on where the run is and ends no later than `end`, or -1. */
  search(value: string, from: number, end: number): number;
}

/** Text without `?`: the engine's own search is as fast as can be. */
export function plainRun(text: string): Run {
  return {
    length: text.length,
    isAt: (value, at) => value.startsWith(text, at),
    search(value, from, end) {
      const found = value.indexOf(text, from);
      return found + text.length > end ? -1 : found;
    },
  };
}

/** In `units` stands -1 for `?`, which is any UTF-16 unit. */
export function gappedRun(units: readonly number[]): Run {
  const { length } = units;
  let steps: ReturnType<typeof stepsOf> | undefined;
  return {
    length,
    isAt: (value, at) =>
      at >= 0 && at + length <= value.length && units.every((unit, i) => unit < 0 || unit === value.charCodeAt(at + i)),
    search(value, from, end) {
      steps ??= stepsOf(units);
      return shiftAnd(steps, value, { from, end, length });
    },
  };
}

/** For each unit of the run, in bits, the places where it may stand; `other` for all that the run does not name. */
function stepsOf(units: readonly number[]): { byUnit: ReadonlyMap<number, Int32Array>; other: Int32Array } {
  const places = (unit: number): Int32Array => {
    const bits = new Int32Array((units.length + 31) >>> 5);
    for (const [i, one] of units.entries()) if (one < 0 || one === unit) bits[i >>> 5]! |= 1 << (i & 31);
    return bits;
  };
  return { byUnit: new Map([...new Set(units)].map((unit) => [unit, places(unit)])), other: places(-1) };
}

/**
 * Baeza-Yates and Gonnet, "A new approach to text searching" (1992): bit i of the state says that the run up to its place i ends here.
 * One step for each unit of the value and 32 of the run, whatever they are, where a comparison place by place would take up to 32.
 */
function shiftAnd(
  { byUnit, other }: ReturnType<typeof stepsOf>,
  value: string,
  { from, end, length }: { from: number; end: number; length: number },
): number {
  const state = new Int32Array(other.length);
  const last = 1 << ((length - 1) & 31);
  for (let at = from; at < end; at++) {
    const places = byUnit.get(value.charCodeAt(at)) ?? other;
    let carry = 1;
    for (let word = 0; word < state.length; word++) {
      const before = state[word]!;
      state[word] = ((before << 1) | carry) & places[word]!;
      carry = before >>> 31;
    }
    if (state[state.length - 1]! & last) return at - length + 1;
  }
  return -1;
}
