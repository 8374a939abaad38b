import { type Context, createContext, Script } from 'node:vm';
import type { MetricDefinition } from '@aws-sdk/client-sagemaker';

/** Milliseconds. Lines of a quarter of a second are searched in microseconds; an expression that takes so long will not get better. */
const patience = 100;
/** On a machine that has other work to do time goes by without any of it being the expression's: so often is one tried again, all in all. */
const mostRetries = 10;

/**
 * Milliseconds that all expressions of a job may take: at once, and for each second in the long run. Whoever answers requests waits
 * meanwhile, so that many slow expressions, or one that always just ends in time, would be enough to keep everybody waiting.
 */
const budget = { full: 500, perSecond: 20 };

const script = new Script(
  `(() => {
    const expression = new RegExp(regex);
    return JSON.stringify(lines.map((line) => expression.exec(line)?.[1] ?? null));
  })()`,
);

export interface SearchOptions {
  /** Expressions that come to an end, and soon: they cost nothing and are never given up. */
  readonly trusted: ReadonlySet<string | undefined>;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

export interface SearchListener {
  /** What an expression captured in each line. What is done with it counts as the expression's time, unless it is trusted. */
  onMatches(found: {
    readonly name: string;
    readonly matches: readonly (string | null)[];
    /** Expressions that are still to be searched for. */
    readonly others: number;
  }): void;
  onGivenUp(name: string): void;
}

interface Searched {
  readonly name: string;
  readonly regex: string;
  /** Milliseconds so far. */
  cost: number;
}

/**
 * Searches lines for the regular expressions of MetricDefinitions. They are anybody's: they run in a context of their own, against the clock,
 * and one that does not come to an end is left out from then on; so is the slowest where all of them take more than their budget.
 */
export function createSearch(
  definitions: readonly MetricDefinition[],
  { trusted, now }: SearchOptions,
): (lines: readonly string[], listener: SearchListener) => void {
  const all = definitions.map(({ Name = '', Regex = '' }): Searched => ({ name: Name, regex: Regex, cost: 0 }));
  const own = all.filter(({ regex }) => trusted.has(regex));
  let usable = all.filter(({ regex }) => !trusted.has(regex));
  let left = budget.full;
  let at = now();
  const refill = (): void => {
    const time = now();
    left = Math.min(budget.full, left + ((time - at) / 1000) * budget.perSecond);
    at = time;
  };
  const captureIn = openContext();
  return (lines, { onMatches, onGivenUp }) => {
    refill();
    const slow = new Set<Searched>();
    let retries = mostRetries;
    const mayRetry = (): boolean => retries-- > 0;
    let others = own.length + usable.length;
    for (const { name, regex } of own) onMatches({ name, matches: captureHere(regex, lines), others: --others });
    for (const each of [...usable].sort((a, b) => a.cost - b.cost)) {
      const before = threadUsage();
      // Never all that is left, and a millisecond in any case: the next one may need next to nothing.
      const timeout = Math.max(1, Math.min(patience, Math.floor(left / 2)));
      const matches = captureIn({ regex: each.regex, lines, timeout, mayRetry });
      others--;
      if (matches === undefined) slow.add(each);
      else onMatches({ name: each.name, matches, others });
      const spent = millisecondsSince(before);
      each.cost += spent;
      left -= spent;
    }
    if (left < 0) {
      if (slow.size === 0) slow.add(usable.reduce((a, b) => (b.cost > a.cost ? b : a)));
      left = budget.perSecond;
    }
    usable = usable.filter((each) => !slow.has(each));
    for (const { name } of slow) onGivenUp(name);
  };
}

interface Search {
  readonly regex: string;
  readonly lines: readonly string[];
  /** Milliseconds. */
  readonly timeout: number;
  readonly mayRetry: () => boolean;
}

/** What the first group matches in each line. */
function captureHere(regex: string, lines: readonly string[]): (string | null)[] {
  const expression = new RegExp(regex);
  return lines.map((line) => expression.exec(line)?.[1] ?? null);
}

/** The same where nothing of this process is seen; undefined where the expression is none, or has had its time. */
function openContext() {
  let context: Context | undefined;
  return ({ regex, lines, timeout, mayRetry }: Search): (string | null)[] | undefined => {
    context ??= createContext({});
    Object.assign(context, { regex, lines });
    const before = threadUsage();
    for (;;) {
      try {
        return JSON.parse(script.runInContext(context, { timeout })) as (string | null)[];
      } catch {
        if (millisecondsSince(before) > timeout / 2 || !mayRetry()) return undefined;
      }
    }
  };
}

/** Of this thread's work. Where Node cannot tell it (before 24), that of others, which pack and hash meanwhile, counts too. */
const threadUsage = process.threadCpuUsage ?? process.cpuUsage;

function millisecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = threadUsage(before);
  return (user + system) / 1000;
}
