/**
 * Condition operators, one row each:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
import { splitArn } from '../arn/index.ts';
import { parseAddressRange } from './address-range.ts';
import { padArnPattern, splitArnPattern } from './arn-pattern.ts';
import { type Scalar, textOf } from './context.ts';
import { compilePattern, type PatternOptions, type Variables } from './pattern.ts';
import { parseTime } from './time.ts';

/** Whether one value of the request satisfies one value of the policy. */
export type Test = (value: Scalar, variables: Variables) => boolean;

export interface Operator {
  readonly name: string;
  /** Holds when no value of the policy matches, also when the request lacks the key. */
  readonly negated: boolean;
  /** Compiles one value of the policy. One that makes no sense (`NumericEquals: "many"`) matches nothing. */
  compile(policyValue: string, options: { readonly variables: boolean }): Test;
}

type Compile = Operator['compile'];

const never: Test = () => false;

/** Variables stand for values in text and ARN operators only, as AWS documents. */
function text(options: Omit<PatternOptions, 'variables'>): Compile {
  return (policyValue, { variables }) => {
    const pattern = compilePattern(policyValue, { ...options, variables });
    return (value, known) => pattern.matches(textOf(value), known);
  };
}

/** "Each of the six colon-delimited components of the ARN is checked separately", so a star of one does not reach into the next. */
const arn: Compile = (policyValue, { variables }) => {
  const parts = padArnPattern(splitArnPattern(policyValue)).map((part) => compilePattern(part, { variables }));
  return (value, known) => {
    const received = splitArn(textOf(value));
    return received?.every((part, at) => parts[at]?.matches(part, known)) ?? false;
  };
};

function numeric(holds: (value: number, limit: number) => boolean): Compile {
  return (policyValue) => {
    const limit = numberOf(policyValue);
    return (value) => holds(numberOf(textOf(value)), limit);
  };
}

/** NaN compares with nothing. Empty text is no number. */
function numberOf(value: string): number {
  return value.trim() === '' ? Number.NaN : Number(value);
}

function date(holds: (value: number, limit: number) => boolean): Compile {
  return (policyValue) => {
    const limit = parseTime(policyValue) ?? Number.NaN;
    return (value) => holds(value instanceof Date ? value.getTime() : (parseTime(String(value)) ?? Number.NaN), limit);
  };
}

const bool: Compile = (policyValue) => {
  const wanted = policyValue.toLowerCase();
  return (value) => textOf(value).toLowerCase() === wanted;
};

/** Both sides are base64; other spellings of the same bytes are equal. */
const binary: Compile = (policyValue) => {
  const wanted = Buffer.from(policyValue, 'base64');
  return (value) => wanted.equals(Buffer.from(textOf(value), 'base64'));
};

const ipAddress: Compile = (policyValue) => {
  const range = parseAddressRange(policyValue);
  return range ? (value) => range.contains(textOf(value)) : never;
};

const equal = (a: number, b: number): boolean => a === b;
const less = (a: number, b: number): boolean => a < b;
const atMost = (a: number, b: number): boolean => a <= b;
const more = (a: number, b: number): boolean => a > b;
const atLeast = (a: number, b: number): boolean => a >= b;

const exactly = text({ wildcards: false });
const exactlyIgnoringCase = text({ wildcards: false, ignoreCase: true });
const like = text({});

const rows: readonly (readonly [name: string, compile: Compile, negated?: 'negated'])[] = [
  ['StringEquals', exactly],
  ['StringNotEquals', exactly, 'negated'],
  ['StringEqualsIgnoreCase', exactlyIgnoringCase],
  ['StringNotEqualsIgnoreCase', exactlyIgnoringCase, 'negated'],
  ['StringLike', like],
  ['StringNotLike', like, 'negated'],
  ['NumericEquals', numeric(equal)],
  ['NumericNotEquals', numeric(equal), 'negated'],
  ['NumericLessThan', numeric(less)],
  ['NumericLessThanEquals', numeric(atMost)],
  ['NumericGreaterThan', numeric(more)],
  ['NumericGreaterThanEquals', numeric(atLeast)],
  ['DateEquals', date(equal)],
  ['DateNotEquals', date(equal), 'negated'],
  ['DateLessThan', date(less)],
  ['DateLessThanEquals', date(atMost)],
  ['DateGreaterThan', date(more)],
  ['DateGreaterThanEquals', date(atLeast)],
  ['Bool', bool],
  ['BinaryEquals', binary],
  ['IpAddress', ipAddress],
  ['NotIpAddress', ipAddress, 'negated'],
  // "The ArnEquals and ArnLike operators behave identically."
  ['ArnEquals', arn],
  ['ArnLike', arn],
  ['ArnNotEquals', arn, 'negated'],
  ['ArnNotLike', arn, 'negated'],
];

/** By name in lower case; `Null` asks for presence, not for values, and is not among them. */
export const operators: ReadonlyMap<string, Operator> = new Map(
  rows.map(([name, compile, negated]) => [name.toLowerCase(), { name, compile, negated: negated !== undefined }]),
);
