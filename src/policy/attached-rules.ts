/**
 * What AWS demands of policies that are attached to a resource and name principals: bucket policies and trust policies. Both come from
 * one parser, by their wording.
 */

import { bucketMistake } from './bucket-rules.ts';
import type { PolicyKind } from './document.ts';
import type { PrincipalText } from './principal.ts';
import { actionsOf, hasRepeatedSid, type ShapedDocument, type ShapedStatement, type Wording } from './shape.ts';

export const attachedWording: Wording = {
  syntax: 'Syntax errors in policy.',
  json: 'This policy contains invalid Json',
  version: 'The policy must contain a valid version string',
  noStatement: 'Missing required field Statement',
  emptyStatement: 'Could not parse the policy: Statement is empty!',
  unknownElement: (name) => `Unknown field ${name}`,
  unknownOperator: (name) => `Invalid Condition type : ${name}`,
  principalType: (name) => `Invalid principal in policy: "${name}"`,
};

/**
 * @param attachedTo ARN of the bucket; undefined where nobody says.
 * @returns what AWS says of it; undefined when it is taken.
 */
export function attachedMistake(
  { statements }: ShapedDocument,
  { kind, attachedTo }: { kind: PolicyKind; attachedTo: string | undefined },
): string | undefined {
  for (const statement of statements) {
    const mistake =
      missing(statement) ??
      (kind === 'trust' ? trustMistake(statement) : bucketMistake(statement, attachedTo)) ??
      principalMistake(statement, kind);
    if (mistake !== undefined) return mistake;
  }
  return hasRepeatedSid(statements) ? 'The Statement Ids in the policy are not unique' : undefined;
}

function missing(statement: ShapedStatement): string | undefined {
  const { effect, principal, notPrincipal } = statement;
  if (effect === undefined) return 'Missing required field Effect';
  if (effect !== 'Allow' && effect !== 'Deny') return `Invalid effect: ${effect}`;
  const principals = principal ?? notPrincipal;
  if (principals === undefined) return 'Missing required field Principal';
  if (Object.values(principals).flat().length === 0) return 'Missing required field Principal cannot be empty!';
  return actionsOf(statement).length === 0 ? 'Missing required field Action' : undefined;
}

function trustMistake(statement: ShapedStatement): string | undefined {
  if (statement.resource) return 'Has prohibited field Resource';
  if (statement.notResource) return 'AssumeRole policy must not contain resources.';
  if (statement.notPrincipal) {
    return statement.effect === 'Allow'
      ? 'Allow with NotPrincipal is not allowed.'
      : 'AssumeRole policy must not contain NotPrincipal field.';
  }
  return actionsOf(statement).every((action) => /^sts:/i.test(action))
    ? undefined
    : 'AssumeRole policy may only specify STS AssumeRole actions.';
}

/** Shapes only. Whether a role or user is there, only IAM can tell. */
function principalMistake({ principal, notPrincipal }: ShapedStatement, kind: PolicyKind): string | undefined {
  for (const [type, names] of Object.entries(principal ?? notPrincipal ?? {})) {
    const wrong = names.find((name) => !forms[type as keyof PrincipalText].test(name));
    if (wrong === undefined && !(type === 'CanonicalUser' && kind === 'trust')) continue;
    if (kind !== 'trust') return 'Invalid principal in policy';
    const shown = type === 'Service' ? 'SERVICE' : type === 'Federated' ? 'FEDERATED' : type;
    return `Invalid principal in policy: "${shown}":"${wrong ?? names[0]}"`;
  }
  return undefined;
}

/** "You cannot use a wildcard to match part of a principal name or ARN." */
const forms: Readonly<Record<keyof PrincipalText, RegExp>> = {
  AWS: /^(\*|\d{12}|A[A-Z]{3}[A-Z0-9]{12,124}|arn:aws[a-z-]*:(iam::\d{12}:(root|(user|role)\/[^*?]+)|sts::\d{12}:(assumed-role\/[^*?/]+\/[^*?/]+|federated-user\/[^*?/]+)))$/,
  Service:
    /^[a-z0-9-]+(\.[a-z0-9-]+)*\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal|c2s\.ic\.gov|sc2s\.sgov\.gov)$/,
  Federated: /^[^*?\s]+$/,
  CanonicalUser: /^[0-9a-f]{64}$/,
};
