import type { ConfusionCell } from '../../evaluation/classes.ts';

/**
 * An order in which classes that are taken for one another stand together: chains of classes are joined end to end, the most confused
 * pair first (single linkage). O(mistakes × log mistakes), so a thousand classes are no burden.
 */
export function clusteredOrder(cells: readonly ConfusionCell[], support: readonly number[]): number[] {
  const affinity = new Map<number, number>();
  const classes = support.length;
  for (const [actual, predicted, pictures] of cells) {
    if (actual === predicted) continue;
    const key = Math.min(actual, predicted) * classes + Math.max(actual, predicted);
    affinity.set(key, (affinity.get(key) ?? 0) + pictures / Math.max(1, support[actual]!));
  }
  const chains: number[][] = support.map((_, label) => [label]);
  for (const [key] of [...affinity].sort(([a, x], [b, y]) => y - x || a - b)) {
    const first = Math.floor(key / classes);
    const second = key % classes;
    const a = chains[first]!;
    const b = chains[second]!;
    if (a === b) continue;
    const joined = joinAt(a, b, first, second);
    for (const label of joined) chains[label] = joined;
  }
  return [...new Set(chains)].flat();
}

/** Turns the chains so that the confused classes meet as closely as their places allow. */
function joinAt(a: readonly number[], b: readonly number[], first: number, second: number): number[] {
  const left = a.indexOf(first) >= a.length / 2 ? a : [...a].reverse();
  const right = b.indexOf(second) < b.length / 2 ? b : [...b].reverse();
  return [...left, ...right];
}
