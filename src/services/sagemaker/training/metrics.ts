import { createContext, Script } from 'node:vm';
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

/** Lines are looked at so far: a metric is at the beginning, and a regular expression may take time with the square of the length. */
const longestLine = 4096;

/** Milliseconds. Lines of a quarter of a second are searched in microseconds; an expression that takes so long will not get better. */
const patience = 100;
/** On a machine that has other work to do time goes by without any of it being the expression's. */
const attempts = 10;

const search = new Script(
  `(() => {
    const expression = new RegExp(regex);
    return JSON.stringify(lines.map((line) => expression.exec(line)?.[1] ?? null));
  })()`,
);

/**
 * Reads metrics from a log by the regular expressions of MetricDefinitions. They are anybody's: each runs in a context of its own,
 * against the clock, and one that does not come to an end is left out from then on.
 */
export function metricReader(
  definitions: readonly MetricDefinition[],
  onGivenUp: (name: string) => void,
): (lines: readonly LogLine[]) => MetricValue[] {
  let usable = [...definitions];
  return (lines) => {
    if (lines.length === 0) return [];
    const texts = lines.map(({ text }) => text.slice(0, longestLine));
    const found: MetricValue[] = [];
    for (const definition of usable) {
      const { Name: name = '', Regex: regex = '' } = definition;
      const matches = ownMetrics.includes(definition) ? captureOwn(regex, texts) : capture(regex, texts);
      if (matches === undefined) {
        usable = usable.filter((other) => other !== definition);
        onGivenUp(name);
        continue;
      }
      for (const [at, match] of matches.entries()) {
        const value = match === null || match.trim() === '' ? Number.NaN : Number(match);
        const { time, text } = lines[at] as LogLine;
        if (Number.isFinite(value)) found.push({ name, value, time, epoch: epochOf(text) });
      }
    }
    return found;
  };
}

/** What the first group matches in each line; undefined where the expression is none, or has had its time. */
/** Whippet's own expressions come to an end. A context for each look would cost more than the looking. */
function captureOwn(regex: string, lines: readonly string[]): (string | null)[] {
  const expression = new RegExp(regex);
  return lines.map((line) => expression.exec(line)?.[1] ?? null);
}

function capture(regex: string, lines: readonly string[]): (string | null)[] | undefined {
  // The image's own are known to be harmless.
  if (ownMetrics.some((own) => own.Regex === regex)) {
    const expression = new RegExp(regex);
    return lines.map((line) => expression.exec(line)?.[1] ?? null);
  }
  const context = createContext({ regex, lines });
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = process.cpuUsage();
    try {
      return JSON.parse(search.runInContext(context, { timeout: patience })) as (string | null)[];
    } catch {
      const { user, system } = process.cpuUsage(before);
      if ((user + system) / 1000 > patience / 2) return undefined;
    }
  }
  return undefined;
}

/** The last line repeats an epoch with the figures of the model that is saved, which are not the next of a curve. */
function epochOf(text: string): number | null {
  if (text.startsWith('final ')) return null;
  const [, epoch] = /\bepoch=(\d{1,9})\b/.exec(text.slice(0, longestLine)) ?? [];
  return epoch === undefined ? null : Number(epoch);
}
