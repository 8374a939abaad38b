import { padArnPattern, splitArnPattern } from './arn-pattern.ts';
import { compileCondition } from './condition.ts';
import type { ActionElement, ResourceElement, Statement } from './document.ts';
import { compileGlob } from './glob.ts';
import { compilePattern, wildcardsOf } from './pattern.ts';
import { compilePrincipal } from './principal.ts';
import type { ShapedStatement } from './shape.ts';

/** @param statement that the rules of its kind have let through. */
export function compileStatement(
  statement: ShapedStatement,
  { index, variables }: { index: number; variables: boolean },
): Statement {
  const { sid, effect, action, notAction, resource, notResource, principal, notPrincipal, conditions } = statement;
  const resources = resource ?? notResource;
  const principals = principal ?? notPrincipal;
  return {
    index,
    sid: sid || undefined,
    effect: effect === 'Deny' ? 'Deny' : 'Allow',
    action: compileActions(action ?? notAction ?? [], notAction !== undefined),
    resource: resources && compileResources(resources, { negated: notResource !== undefined, variables }),
    principal: principals && compilePrincipal(principals, notPrincipal !== undefined),
    conditions: conditions.map((line) => compileCondition(line, { variables })),
  };
}

/** Case does not matter. Most actions are written out, so they are looked up at once, however many there are. */
function compileActions(patterns: readonly string[], negated: boolean): ActionElement {
  const folded = patterns.map((pattern) => pattern.toLowerCase());
  const plain = new Set(folded.filter((pattern) => !/[*?]/.test(pattern)));
  const globs = folded.filter((pattern) => !plain.has(pattern)).map((pattern) => compileGlob(wildcardsOf(pattern)));
  return {
    negated,
    patterns,
    applies: (action) => (plain.has(action) || globs.some((matches) => matches(action))) !== negated,
  };
}

/**
 * Case matters. A star reaches over colons: "if a wildcard is the last character of a resource ARN segment, it can expand to match
 * beyond the colon boundaries". (AWS keeps a star within a segment where it is not the last; nobody is known to rely on it.)
 */
function compileResources(
  written: readonly string[],
  { negated, variables }: { negated: boolean; variables: boolean },
): ResourceElement {
  const patterns = written.map((pattern) => compilePattern(whole(pattern), { variables }));
  return {
    negated,
    patterns: written,
    applies: (resource, known) => patterns.some((pattern) => pattern.matches(resource, known)) !== negated,
  };
}

function whole(pattern: string): string {
  return pattern === '*' ? pattern : padArnPattern(splitArnPattern(pattern)).join(':');
}
