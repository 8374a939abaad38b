import type { Finding } from './rule.ts';

/** So many different tensors, classes or hosts are named; of the rest only their number is kept. */
const mostSubjects = 50;

export interface FindingsOptions {
  readonly rule: string;
  /** Which of the later values is worth telling. */
  readonly extreme: 'lowest' | 'highest';
}

export interface Findings {
  /**
   * @param subject what it is about: the first time tells, later ones are counted.
   * @returns the finding if it is the first of its subject.
   */
  report(subject: string, finding: Omit<Finding, 'rule'>): readonly Finding[];
  /** What was counted, one finding per subject. */
  summary(): readonly Finding[];
}

interface Repeats {
  readonly first: Finding;
  last: Omit<Finding, 'rule'>;
  extreme: number;
  times: number;
}

/** Keeps a job of a million steps from a million findings: the first of each subject is told, the others are counted. */
export function createFindings({ rule, extreme }: FindingsOptions): Findings {
  const subjects = new Map<string, Repeats>();
  let unnamed = 0;
  return {
    report(subject, finding) {
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
      const repeated = [...subjects.values()].filter(({ times }) => times > 1).map(repetition(extreme));
      return unnamed === 0 ? repeated : [...repeated, ...others(subjects, unnamed)];
    },
  };
}

const repetition =
  (direction: 'lowest' | 'highest') =>
  ({ first, last, extreme, times }: Repeats): Finding => ({
    ...first,
    ...last,
    rule: first.rule,
    value: extreme,
    message: `${first.tensor ?? 'It'} was found so ${times} times in all, last ${place(last)}; the ${direction} value was ${shown(extreme)}.`,
  });

function others(subjects: ReadonlyMap<string, Repeats>, unnamed: number): readonly Finding[] {
  const [any] = subjects.values();
  if (!any) return [];
  const { tensor: _, ...rest } = any.first;
  return [{ ...rest, message: `The same held ${unnamed} times for others beyond the first ${mostSubjects}.` }];
}

function place({ step, time }: Omit<Finding, 'rule'>): string {
  if (step !== undefined) return `at step ${step}`;
  return time === undefined ? 'at the end' : `at ${new Date(time * 1000).toISOString()}`;
}

/** A measured value with as many digits as help. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'infinite' : 'minus infinite';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(2);
  return Number(value.toPrecision(4)).toString();
}
