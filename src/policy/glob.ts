import { gappedRun, plainRun, type Run } from './run.ts';

/** `*`: any characters, also none. */
export const anyText = Symbol('*');
/** `?`: one UTF-16 unit. */
export const anyCharacter = Symbol('?');

/** Plain text or a wildcard. */
export type GlobToken = string | typeof anyText | typeof anyCharacter;

/**
 * Policies come from outside, so a match never backtracks: each run between two stars is searched once, from left to right, behind the
 * one before.
 */
export function compileGlob(tokens: readonly GlobToken[]): (value: string) => boolean {
  if (tokens.every((token) => typeof token === 'string')) {
    const text = tokens.join('');
    return (value) => value === text;
  }
  const runs = runsOf(tokens);
  const least = runs.reduce((sum, run) => sum + run.length, 0);
  const [head, ...others] = runs as [Run, ...Run[]];
  const tail = others.pop();
  if (tail === undefined) return (value) => value.length === least && head.isAt(value, 0);
  const middle = others.filter((run) => run.length > 0);
  return (value) => {
    const end = value.length - tail.length;
    if (value.length < least || !head.isAt(value, 0) || !tail.isAt(value, end)) return false;
    let at = head.length;
    for (const run of middle) {
      const found = run.search(value, at, end);
      if (found < 0) return false;
      at = found + run.length;
    }
    return true;
  };
}

/** At least one run; n stars make n + 1 runs. */
function runsOf(tokens: readonly GlobToken[]): Run[] {
  const runs: Exclude<GlobToken, typeof anyText>[][] = [[]];
  for (const token of tokens) {
    if (token === anyText) runs.push([]);
    else runs.at(-1)?.push(token);
  }
  return runs.map((run) => {
    const isPlain = run.every((token) => token !== anyCharacter);
    return isPlain ? plainRun(run.join('')) : gappedRun(run.flatMap(unitsOf));
  });
}

function unitsOf(token: string | typeof anyCharacter): number[] {
  return token === anyCharacter ? [-1] : Array.from({ length: token.length }, (_, at) => token.charCodeAt(at));
}
