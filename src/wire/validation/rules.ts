import type { Shape } from '../constraints/constraints.ts';
import type { Rule } from './violation.ts';

/** All constraints of the shape, in the order in which AWS lists them: the upper limit first. */
export function rulesOf({ min, max, pattern, enum: values }: Shape): Rule[] {
  return [
    ...(max === undefined ? [] : [{ rule: 'max', limit: max } as const]),
    ...(min === undefined ? [] : [{ rule: 'min', limit: min } as const]),
    ...(pattern === undefined ? [] : [{ rule: 'pattern', pattern } as const]),
    ...(values === undefined ? [] : [{ rule: 'enum', values } as const]),
  ];
}

/**
 * The rules that the value breaks. A string that is too long is not held against its pattern too, though AWS names both: so no
 * pattern ever meets a string longer than AWS admits.
 */
export function brokenRules(value: unknown, shape: Shape, compiled: Map<string, RegExp>): Rule[] {
  const measure = measureOf(value);
  const broken: Rule[] = [];
  for (const rule of rulesOf(shape)) {
    if (rule.rule === 'pattern' && broken.some((earlier) => earlier.rule === 'max')) continue;
    if (breaks(value, measure, { rule, compiled })) broken.push(rule);
  }
  return broken;
}

function breaks(
  value: unknown,
  measure: number | undefined,
  { rule, compiled }: { rule: Rule; compiled: Map<string, RegExp> },
): boolean {
  switch (rule.rule) {
    case 'max':
      return measure !== undefined && measure > rule.limit;
    case 'min':
      return measure !== undefined && measure < rule.limit;
    case 'pattern':
      return typeof value === 'string' && !compile(rule.pattern, compiled).test(value);
    case 'enum':
      return !rule.values.includes(value as string);
    default:
      return false;
  }
}

/** Numbers by value, strings by code points, blobs by bytes, lists and maps by entries. */
function measureOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return codePoints(value);
  if (Array.isArray(value)) return value.length;
  if (value instanceof Uint8Array) return value.byteLength;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
}

/** Smithy counts Unicode scalar values, JavaScript UTF-16 units: an emoji is one and two. https://smithy.io/2.0/spec/constraint-traits.html */
function codePoints(text: string): number {
  let pairs = 0;
  for (let at = 0; at + 1 < text.length; at++) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) pairs++;
  }
  return text.length - pairs;
}

/** The model's patterns are Java's and say what the whole string is. */
export function compile(pattern: string, compiled: Map<string, RegExp>): RegExp {
  const known = compiled.get(pattern);
  if (known) return known;
  const made = new RegExp(`^(?:${javaScriptPattern(pattern)})$`, 'u');
  compiled.set(pattern, made);
  return made;
}

/**
 * Java reads `\u10000` as U+1000 and a zero, so that `\u10000-\u10FFFF` in STS's arnType is a range from '0' to U+10FF and an F: it
 * says nothing of what was meant, the characters beyond the first plane. It is read as meant. `\p{Alnum}` is POSIX's, of ASCII.
 */
function javaScriptPattern(pattern: string): string {
  return pattern.replace(/\\u(10[0-9A-F]{4}|[1-9A-F][0-9A-F]{4})/g, '\\u{$1}').replaceAll('[\\p{Alnum}', '[A-Za-z0-9');
}
