import type { ContextLookup, Scalar } from './context.ts';
import { type Operator, operators, type Test } from './operators.ts';
import type { Variables } from './pattern.ts';

/** One line of a Condition element: `"StringLike": { "s3:prefix": ["home/", "home/${aws:username}/*"] }`. */
export interface Condition {
  /** As written: `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string;
  /** As written. */
  readonly key: string;
  readonly values: readonly string[];
  holds(context: ContextLookup): boolean;
}

/** An operator with what was written around it. */
export interface QualifiedOperator {
  /** Undefined for `Null`. */
  readonly operator: Operator | undefined;
  readonly set: 'any' | 'all' | undefined;
  readonly ifExists: boolean;
}

/** @returns undefined for an operator that AWS does not know. Names are not case-sensitive. */
export function parseOperator(written: string): QualifiedOperator | undefined {
  const [, prefix, name = '', suffix] =
    /^(foranyvalue:|forallvalues:)?(\w+?)(ifexists)?$/.exec(written.toLowerCase()) ?? [];
  const operator = operators.get(name);
  if (operator === undefined && (name !== 'null' || suffix !== undefined)) return undefined;
  const set = prefix === undefined ? undefined : prefix === 'foranyvalue:' ? 'any' : 'all';
  return { operator, set, ifExists: suffix !== undefined };
}

export interface ConditionText {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** @param line with an operator that parseOperator knows. */
export function compileCondition(line: ConditionText, { variables }: { variables: boolean }): Condition {
  const qualified = parseOperator(line.operator) as QualifiedOperator;
  const key = line.key.toLowerCase();
  const { operator, ifExists } = qualified;
  if (operator === undefined) return { ...line, holds: presence(key, line.values) };
  const tests = line.values.map((value) => operator.compile(value, { variables }));
  const absent = ifExists || absentHolds(qualified);
  const holds = judge(qualified, tests);
  return {
    ...line,
    holds(context) {
      const values = context.values(key);
      // "Resolve to an empty data set (for example, an empty string)": to a set qualifier that is no value.
      const isAbsent = values === undefined || (qualified.set && values.every((value) => value === ''));
      return isAbsent ? absent : holds(values, context);
    },
  };
}

/** `"Null": { "aws:TokenIssueTime": "true" }` holds when the request lacks the key. */
function presence(key: string, values: readonly string[]): Condition['holds'] {
  const wanted = values.map((value) => value.toLowerCase());
  return (context) => wanted.includes(context.values(key) === undefined ? 'true' : 'false');
}

/**
 * Without the key in the request: a plain operator fails, a negated one holds ("if the key that you specify in a policy condition is not
 * present in the request context, the values do not match and the condition is false. If the condition requires that the key is not
 * matched, such as StringNotLike, and the right key is not present, the condition is true"). ForAllValues holds and ForAnyValue
 * fails, negated or not:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
function absentHolds({ operator, set }: QualifiedOperator): boolean {
  return set === undefined ? (operator?.negated ?? false) : set === 'all';
}

type Judge = (values: readonly Scalar[], context: ContextLookup) => boolean;

/**
 * Values of the policy are alternatives: one must match, or with a negated operator none. A set qualifier asks this of any or of all
 * values of the request. Without a qualifier several values of the request are alternatives too.
 */
function judge({ operator, set }: QualifiedOperator, tests: readonly Test[]): Judge {
  const negated = operator?.negated ?? false;
  const matches = (value: Scalar, variables: Variables): boolean => tests.some((test) => test(value, variables));
  switch (set) {
    case 'all':
      return (values, { variables }) => values.every((value) => matches(value, variables) !== negated);
    case 'any':
      return (values, { variables }) => values.some((value) => matches(value, variables) !== negated);
    default:
      return (values, { variables }) => values.some((value) => matches(value, variables)) !== negated;
  }
}
