import type { ParameterRange, Point } from './range.ts';

/** Hyperparameters as SageMaker hands them to a training job: all texts. A number reads back as the same number. */
export function toText(point: Point): Record<string, string> {
  return Object.fromEntries(Object.entries(point).map(([name, value]) => [name, String(value)]));
}

/** The point among a job's hyperparameters; undefined where one is missing or no value of its range's kind. */
export function fromText(text: Readonly<Record<string, string>>, ranges: readonly ParameterRange[]): Point | undefined {
  const entries = ranges.map((range) => [range.name, parseValue(text[range.name], range)] as const);
  if (entries.some(([, value]) => value === undefined)) return undefined;
  return Object.fromEntries(entries) as Point;
}

function parseValue(text: string | undefined, range: ParameterRange): number | string | undefined {
  if (text === undefined || range.kind === 'categorical') return text;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}
