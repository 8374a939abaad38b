import type { MetricDefinition } from '@aws-sdk/client-sagemaker';
import { createSearch } from './expressions.ts';

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

/**
 * Values that the logs of a job may tell, at once and for each second in the long run: each is written for the job and for CloudWatch. It is
 * many times what epochs of a millisecond tell.
 */
const budget = { full: 10_000, perSecond: 1000 };

/** @param tell Hears what is left out, and why: lines for the log. */
export type MetricReader = (lines: readonly LogLine[], tell: (text: string) => void) => MetricValue[];

/**
 * Reads metrics from the logs of a job. Of more values than its budget the last ones are kept, of each metric at least one.
 * @param now Milliseconds that never go back.
 */
export function metricReader(
  definitions: readonly MetricDefinition[],
  now: () => number = () => performance.now(),
): MetricReader {
  const search = createSearch(definitions, { trusted: ownExpressions, now });
  let left = budget.full;
  let at = now();
  let hasTold = false;
  return (lines, tell) => {
    if (lines.length === 0) return [];
    const time = now();
    left = Math.min(budget.full, left + ((time - at) / 1000) * budget.perSecond);
    at = time;
    const found: MetricValue[] = [];
    search(
      lines.map(({ text }) => text.slice(0, longestLine)),
      {
        onMatches({ name, matches, others }) {
          const share = Math.max(1, Math.floor(left / (others + 1)));
          const values = lastValues(name, { matches, lines, most: share + 1 });
          found.push(...values.slice(-share));
          left = Math.max(0, left - Math.min(values.length, share));
          if (values.length <= share || hasTold) return;
          hasTold = true;
          tell(leftOut);
        },
        onGivenUp: (name) =>
          tell(`The regular expression of the metric "${name}" takes too long; it is not looked for any more.`),
      },
    );
    return found;
  };
}

const leftOut =
  `The log tells values of metrics faster than they are kept, which is ${budget.full} at once and ${budget.perSecond} a second: ` +
  'from here on some are left out, and the last ones of each metric count.';

interface Matches {
  /** What was captured, by line. */
  readonly matches: readonly (string | null)[];
  readonly lines: readonly LogLine[];
  readonly most: number;
}

/** The last values that lines tell, in their order. */
function lastValues(name: string, { matches, lines, most }: Matches): MetricValue[] {
  const values: MetricValue[] = [];
  for (let at = matches.length - 1; at >= 0 && values.length < most; at--) {
    const match = matches[at] ?? '';
    const value = match.trim() === '' ? Number.NaN : Number(match);
    const { time, text } = lines[at] as LogLine;
    if (Number.isFinite(value)) values.push({ name, value, time, epoch: epochOf(text) });
  }
  return values.reverse();
}

/** The last line repeats an epoch with the figures of the model that is saved, which are not the next of a curve. */
function epochOf(text: string): number | null {
  if (text.startsWith('final ')) return null;
  const [, epoch] = /\bepoch=(\d{1,9})\b/.exec(text.slice(0, longestLine)) ?? [];
  return epoch === undefined ? null : Number(epoch);
}
