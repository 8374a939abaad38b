import { type Context, createContext, Script } from 'node:vm';
import type { MetricDefinition } from '@aws-sdk/client-sagemaker';

/** A value that a line of the log gave a metric. */
export interface MetricValue {
  readonly name: string;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Where the line says `epoch=3`, and is not the last, of the model as it is saved. */
  readonly epoch: number | null;
}

export interface LogLine {
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** What Whippet's image tells of itself, as a built-in algorithm does: taken where a job defines no metrics. */
export const ownMetrics: readonly MetricDefinition[] = ['train:loss', 'validation:loss', 'validation:accuracy'].map(
  (name) => ({ Name: name, Regex: `${name}=([-+0-9.eE]+)` }),
);

/** What it tells of the model that it saves beside these. */
export const chanceMetrics = {
  /** What always naming the largest class gets. */
  chance: { Name: 'validation:chance', Regex: 'validation:chance=([0-9.]+)' },
  /** How likely that is to get as many pictures right as the model did. */
  pValue: { Name: 'validation:chance_p_value', Regex: 'validation:chance_p_value=([-+0-9.eE]+)' },
  /** 1 when the model knows more than which class is the largest. */
  aboveChance: { Name: 'validation:above_chance', Regex: 'validation:above_chance=([01])' },
} satisfies Readonly<Record<string, MetricDefinition>>;

const ownExpressions: ReadonlySet<string | undefined> = new Set(
  [...ownMetrics, ...Object.values(chanceMetrics)].map(({ Regex }) => Regex),
);

/** Lines are looked at so far: a metric is at the beginning, and a regular expression may take time with the square of the length. */
const longestLine = 4096;

/** Milliseconds. Lines of a quarter of a second are searched in microseconds; an expression that takes so long will not get better. */
const patience = 100;
/** On a machine that has other work to do time goes by without any of it being the expression's. */
const attempts = 10;

/**
 * Milliseconds that all expressions of a log may take: at once, and for each second in the long run. Whoever answers requests waits
 * meanwhile, so that many slow expressions, or one that always just ends in time, would be enough to keep everybody waiting.
 */
const budget = { full: 500, perSecond: 20 };

const search = new Script(
  `(() => {
    const expression = new RegExp(regex);
    return JSON.stringify(lines.map((line) => expression.exec(line)?.[1] ?? null));
  })()`,
);

/**
 * Reads metrics from a log by the regular expressions of MetricDefinitions. They are anybody's: they run in a context of their own,
 * against the clock, and one that does not come to an end is left out from then on; so is the slowest where all take too long.
 * @param now Milliseconds that never go back.
 */
export function metricReader(
  definitions: readonly MetricDefinition[],
  onGivenUp: (name: string) => void,
  now: () => number = () => performance.now(),
): (lines: readonly LogLine[]) => MetricValue[] {
  let usable = definitions.map((definition) => ({ definition, cost: 0 }));
  let left = budget.full;
  let at = now();
  const refill = (): void => {
    const time = now();
    left = Math.min(budget.full, left + ((time - at) / 1000) * budget.perSecond);
    at = time;
  };
  const giveUp = (given: (typeof usable)[number]): void => {
    usable = usable.filter((other) => other !== given);
    onGivenUp(given.definition.Name ?? '');
  };
  const capture = capturer();
  return (lines) => {
    if (lines.length === 0) return [];
    refill();
    const texts = lines.map(({ text }) => text.slice(0, longestLine));
    const found: MetricValue[] = [];
    for (const each of usable) {
      const { Name: name = '', Regex: regex = '' } = each.definition;
      const before = process.cpuUsage();
      const matches = capture(regex, texts);
      const spent = millisecondsSince(before);
      each.cost += spent;
      left -= spent;
      found.push(...valuesOf(name, matches ?? [], lines));
      if (matches !== undefined && left >= 0) continue;
      giveUp(matches === undefined ? each : usable.reduce((a, b) => (b.cost > a.cost ? b : a)));
      left = Math.max(left, budget.perSecond);
    }
    return found;
  };
}

function valuesOf(name: string, matches: readonly (string | null)[], lines: readonly LogLine[]): MetricValue[] {
  return matches.flatMap((match, at) => {
    const value = match === null || match.trim() === '' ? Number.NaN : Number(match);
    const { time, text } = lines[at] as LogLine;
    return Number.isFinite(value) ? [{ name, value, time, epoch: epochOf(text) }] : [];
  });
}

/** Gives what the first group matches in each line; undefined where the expression is none, or has had its time. */
function capturer(): (regex: string, lines: readonly string[]) => (string | null)[] | undefined {
  let context: Context | undefined;
  return (regex, lines) => {
    // The image's own come to an end, and a context would cost more than the looking.
    if (ownExpressions.has(regex)) {
      const expression = new RegExp(regex);
      return lines.map((line) => expression.exec(line)?.[1] ?? null);
    }
    context ??= createContext({});
    return captureIn(Object.assign(context, { regex, lines }));
  };
}

function captureIn(context: Context): (string | null)[] | undefined {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = process.cpuUsage();
    try {
      return JSON.parse(search.runInContext(context, { timeout: patience })) as (string | null)[];
    } catch {
      if (millisecondsSince(before) > patience / 2) return undefined;
    }
  }
  return undefined;
}

/** Of this process's work. */
function millisecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The last line repeats an epoch with the figures of the model that is saved, which are not the next of a curve. */
function epochOf(text: string): number | null {
  if (text.startsWith('final ')) return null;
  const [, epoch] = /\bepoch=(\d{1,9})\b/.exec(text.slice(0, longestLine)) ?? [];
  return epoch === undefined ? null : Number(epoch);
}
