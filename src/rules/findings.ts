import { shown } from './number-text.ts';
import type { Finding } from './rule.ts';

/** So many different tensors, classes or hosts are named; of the rest only their number is kept. */
const mostSubjects = 50;

export interface FindingsOptions {
  readonly rule: string;
  /** Which of the later values is worth telling. */
  readonly extreme: 'lowest' | 'highest';
}

type Found = Omit<Finding, 'rule'>;

export interface Findings {
  /**
   * @param subject what it is about: the first time tells, later ones are counted.
   * @returns the finding if it is the first of its subject.
   */
  report(subject: string, finding: Found): readonly Finding[];
  /** What was counted, one finding per subject. */
  summary(): readonly Finding[];
}

interface Repeats {
  readonly first: Finding;
  last: Found;
  extreme: number;
  times: number;
}

/** Keeps a job of a million steps from a million findings: the first of each subject is told, the others are counted. */
export function createFindings({ rule, extreme }: FindingsOptions): Findings {
  const subjects = new Map<string, Repeats>();
  let unnamed = 0;
  return {
    report(subject, found) {
      const finding = { ...found, value: writable(found.value) };
      const known = subjects.get(subject);
      if (known) {
        known.times++;
        known.last = finding;
        known.extreme = (extreme === 'lowest' ? Math.min : Math.max)(known.extreme, finding.value);
        return [];
      }
      if (subjects.size >= mostSubjects) {
        unnamed++;
        return [];
      }
      const first = { rule, ...finding };
      subjects.set(subject, { first, last: finding, extreme: finding.value, times: 1 });
      return [first];
    },
    summary() {
      const repeated = [...subjects.values()]
        .filter(({ times }) => times > 1)
        .map((repeats) => repetition(repeats, extreme));
      return unnamed === 0 ? repeated : [...repeated, ...others(subjects, unnamed)];
    },
  };
}

/** More sentences than these nobody reads at a time. */
const mostSentences = 5;

/** What findings say, each subject once: where one was summed up, the summary in its place. */
export function sentencesOf(findings: readonly Finding[]): string {
  const said: string[] = [];
  for (const { message } of findings) {
    const at = said.findIndex((earlier) => message.startsWith(earlier));
    if (at === -1) said.push(message);
    else said[at] = message;
  }
  const more = said.length - mostSentences;
  return [...said.slice(0, mostSentences), ...(more > 0 ? [`And ${more} more.`] : [])].join(' ');
}

/** JSON knows no infinity, and findings travel as JSON. */
function writable(value: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
}

function repetition({ first, last, extreme, times }: Repeats, direction: FindingsOptions['extreme']): Finding {
  return {
    ...first,
    ...last,
    value: extreme,
    message: `${first.message} It held ${times} times in all, last ${place(last)}; the ${direction} value was ${shown(extreme)}.`,
  };
}

function others(subjects: ReadonlyMap<string, Repeats>, unnamed: number): readonly Finding[] {
  const [any] = subjects.values();
  if (!any) return [];
  const { tensor: _, ...rest } = any.first;
  return [{ ...rest, message: `The same held ${unnamed} times for others than the ${mostSubjects} that are named.` }];
}

function place({ step, time }: Found): string {
  if (time !== undefined) return `at ${clock(time)}`;
  return step === undefined ? 'at the end' : `at step ${step}`;
}

/** Seconds since 1970 as 2026-01-31T12:00:00Z. */
function clock(time: number): string {
  const date = new Date(time * 1000);
  return Number.isNaN(date.getTime()) ? 'an unknown time' : date.toISOString().replace(/\.\d+Z$/, 'Z');
}
