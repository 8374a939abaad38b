/** `*`: any characters, also none. */
export const anyText = Symbol('*');
/** `?`: one UTF-16 unit. */
export const anyCharacter = Symbol('?');

/** Plain text or a wildcard. */
export type GlobToken = string | typeof anyText | typeof anyCharacter;

/** What stands between two stars: plain text, or code units with -1 for `?`. */
type Run = string | readonly number[];

/**
 * Policies come from outside, so a match never backtracks: each run between two stars is searched once, from left to right, behind the
 * one before. Plain runs are searched by the engine's own indexOf; runs with a `?` cost at most their length times the way they move.
 */
export function compileGlob(tokens: readonly GlobToken[]): (value: string) => boolean {
  const runs = runsOf(tokens);
  const [head, ...others] = runs as [Run, ...Run[]];
  if (others.length === 0) {
    return typeof head === 'string' ? (value) => value === head : (value) => isAt(head, value, 0, true);
  }
  const tail = others.pop() as Run;
  const middle = others.filter((run) => run.length > 0);
  const least = runs.reduce((sum, run) => sum + run.length, 0);
  if (middle.length === 0 && tail === '' && typeof head === 'string') return (value) => value.startsWith(head);
  return (value) => {
    const end = value.length - tail.length;
    if (value.length < least || !isAt(head, value, 0) || !isAt(tail, value, end)) return false;
    let at = head.length;
    for (const run of middle) {
      const found = search(run, value, at, end);
      if (found < 0) return false;
      at = found + run.length;
    }
    return true;
  };
}

/** At least one run; n stars make n + 1 runs. */
function runsOf(tokens: readonly GlobToken[]): Run[] {
  const runs: GlobToken[][] = [[]];
  for (const token of tokens) {
    if (token === anyText) runs.push([]);
    else runs.at(-1)?.push(token);
  }
  return runs.map((run) => (run.includes(anyCharacter) ? run.flatMap(unitsOf) : run.join('')));
}

function unitsOf(token: GlobToken): number[] {
  return typeof token === 'string' ? Array.from({ length: token.length }, (_, at) => token.charCodeAt(at)) : [-1];
}

function isAt(run: Run, value: string, at: number, whole = false): boolean {
  if (typeof run === 'string') return value.startsWith(run, at);
  if (at < 0 || (whole ? value.length !== run.length : value.length - at < run.length)) return false;
  for (let index = 0; index < run.length; index++) {
    const unit = run[index] as number;
    if (unit >= 0 && unit !== value.charCodeAt(at + index)) return false;
  }
  return true;
}

/** First place in [from, end - run.length] where the run is, or -1. */
function search(run: Run, value: string, from: number, end: number): number {
  const last = end - run.length;
  if (typeof run === 'string') {
    const found = value.indexOf(run, from);
    return found > last ? -1 : found;
  }
  for (let at = from; at <= last; at++) if (isAt(run, value, at)) return at;
  return -1;
}
