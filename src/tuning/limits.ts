import type { NumericRange, ParameterRange } from './range.ts';
import type { Strategy } from './task.ts';

/** AWS's limits of a tuning job. https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-limits.html */
export const tuningLimits = {
  parameters: 30,
  /** Values of one category. */
  values: 30,
  parallel: 10,
  trials: 750,
} as const;

/** What a search is asked to do. */
export interface SearchPlan {
  readonly strategy: Strategy;
  readonly ranges: readonly ParameterRange[];
  /** Absent for a grid, which has as many as there are points. */
  readonly trials?: number | undefined;
  readonly parallel: number;
}

export interface TuningProblem {
  readonly code:
    | 'no-parameters'
    | 'too-many-parameters'
    | 'duplicate-parameter'
    | 'no-values'
    | 'too-many-values'
    | 'duplicate-value'
    | 'not-a-number'
    | 'not-whole'
    | 'reversed'
    | 'scaling'
    | 'grid-needs-categories'
    | 'trials'
    | 'parallel';
  /** The parameter it is about. */
  readonly parameter?: string;
  /** What is wrong, with the value received and what is possible. */
  readonly message: string;
}

/** Everything that keeps a plan from being searched; empty for a good one. */
export function problemsOf(plan: SearchPlan): TuningProblem[] {
  const { ranges, strategy } = plan;
  return [
    ...countProblems(plan),
    ...ranges.flatMap((range) => (range.kind === 'categorical' ? valueProblems(range) : numberProblems(range))),
    ...(strategy === 'grid' ? gridProblems(ranges) : []),
  ];
}

function countProblems({ ranges, trials, parallel }: SearchPlan): TuningProblem[] {
  const problems: TuningProblem[] = [];
  const names = ranges.map(({ name }) => name);
  const repeated = new Set(names.filter((name, i) => names.indexOf(name) !== i));
  if (ranges.length === 0) problems.push({ code: 'no-parameters', message: 'There is no parameter to tune.' });
  if (ranges.length > tuningLimits.parameters) {
    const message = `${ranges.length} parameters are to be tuned; at most ${tuningLimits.parameters} can be.`;
    problems.push({ code: 'too-many-parameters', message });
  }
  for (const name of repeated) {
    problems.push({ code: 'duplicate-parameter', parameter: name, message: `"${name}" has more than one range.` });
  }
  if (trials !== undefined && !isCount(trials, tuningLimits.trials)) {
    problems.push({ code: 'trials', message: `${trials} trials: from 1 to ${tuningLimits.trials} are possible.` });
  }
  if (!isCount(parallel, tuningLimits.parallel)) {
    const message = `${parallel} trials at a time: from 1 to ${tuningLimits.parallel} are possible.`;
    problems.push({ code: 'parallel', message });
  }
  return problems;
}

function isCount(value: number, maximum: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= maximum;
}

function valueProblems({
  name,
  values,
}: {
  readonly name: string;
  readonly values: readonly string[];
}): TuningProblem[] {
  const at = { parameter: name };
  if (values.length === 0) return [{ code: 'no-values', ...at, message: `"${name}" has no values to choose from.` }];
  if (values.length > tuningLimits.values) {
    const message = `"${name}" has ${values.length} values; at most ${tuningLimits.values} are possible.`;
    return [{ code: 'too-many-values', ...at, message }];
  }
  const repeated = values.find((value, i) => values.indexOf(value) !== i);
  if (repeated === undefined) return [];
  return [{ code: 'duplicate-value', ...at, message: `"${name}" has the value "${repeated}" twice.` }];
}

function numberProblems(range: NumericRange): TuningProblem[] {
  const { name, minimum, maximum, kind } = range;
  const at = { parameter: name };
  const span = `${minimum} to ${maximum}`;
  if (!Number.isFinite(minimum) || !Number.isFinite(maximum)) {
    return [{ code: 'not-a-number', ...at, message: `The ends of "${name}", ${span}, are not both numbers.` }];
  }
  if (kind === 'integer' && !(Number.isSafeInteger(minimum) && Number.isSafeInteger(maximum))) {
    return [{ code: 'not-whole', ...at, message: `"${name}" is an integer; its ends, ${span}, are not.` }];
  }
  if (minimum > maximum) {
    return [{ code: 'reversed', ...at, message: `The minimum of "${name}" is above its maximum: ${span}.` }];
  }
  return scalingProblems(range);
}

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContinuousParameterRange.html and API_IntegerParameterRange.html */
function scalingProblems({ name, minimum, maximum, scaling, kind }: NumericRange): TuningProblem[] {
  const problem = (message: string): TuningProblem[] => [{ code: 'scaling', parameter: name, message }];
  const span = `${minimum} to ${maximum}`;
  if (scaling === 'Logarithmic' && minimum <= 0) {
    return problem(`"${name}" reaches from ${span}; logarithmic scaling is for values above 0.`);
  }
  if (scaling !== 'ReverseLogarithmic') return [];
  if (kind === 'integer')
    return problem(`"${name}" is an integer; reverse logarithmic scaling is for continuous ranges.`);
  if (minimum >= 0 && maximum < 1) return [];
  return problem(`"${name}" reaches from ${span}; reverse logarithmic scaling is for values from 0 to below 1.`);
}

/** https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-how-it-works.html: Grid takes categories only. */
function gridProblems(ranges: readonly ParameterRange[]): TuningProblem[] {
  return ranges
    .filter(({ kind }) => kind !== 'categorical')
    .map(({ name, kind }) => ({
      code: 'grid-needs-categories',
      parameter: name,
      message: `"${name}" is ${kind === 'integer' ? 'an integer' : 'continuous'}; a grid is made of categorical parameters.`,
    }));
}
