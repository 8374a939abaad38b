/** Keys are ordered by their UTF-8 bytes, which is the order of their code points. JavaScript's own order (UTF-16) is another. */

const lastCodePoint = 0x10ffff;
const beforeSurrogates = 0xd7ff;
const afterSurrogates = 0xe000;

/** The smallest text that is greater than all texts with this prefix; undefined when there is none. */
export function afterPrefix(prefix: string): string | undefined {
  const points = [...prefix];
  while (points.length > 0) {
    const last = points.pop()?.codePointAt(0) as number;
    if (last === lastCodePoint) continue;
    const next = last === beforeSurrogates ? afterSurrogates : last + 1;
    return points.join('') + String.fromCodePoint(next);
  }
  return undefined;
}

/** Less than 0 when `a` comes first. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others. */
function rank(unit: number): number {
  return unit > beforeSurrogates && unit < afterSurrogates ? unit + 0x10000 : unit;
}
