/**
 * What IAM demands of policies that say what an identity may do: attached to a role, set as its boundary, passed for a session. Order and
 * wording of the refusals as observed from AWS.
 */
import { actionMistake } from './action-rules.ts';
import { parseOperator } from './condition.ts';
import { failedLegacyParsing, resourceMistake } from './resource-rules.ts';
import {
  actionsOf,
  hasRepeatedSid,
  resourcesOf,
  type ShapedDocument,
  type ShapedStatement,
  type Wording,
} from './shape.ts';
import { parseTime } from './time.ts';

const syntax = 'Syntax errors in policy.';

export const identityWording: Wording = {
  syntax,
  json: syntax,
  version: syntax,
  noStatement: syntax,
  emptyStatement: syntax,
  unknownElement: () => syntax,
  unknownOperator: () => syntax,
  principalType: () => syntax,
};

/** @returns what AWS says of it; undefined when it is taken. */
export function identityMistake({ version, statements }: ShapedDocument): string | undefined {
  if (statements.some(({ effect = '' }) => !/^(allow|deny)$/i.test(effect))) return syntax;
  if (version !== '2012-10-17') return 'Policy document must be version 2012-10-17 or greater.';
  if (statements.some(failsLegacyParsing)) return failedLegacyParsing;
  const resources = resourceMistake(statements.flatMap(resourcesOf));
  if (resources === failedLegacyParsing) return resources;
  if (hasRepeatedSid(statements)) return 'Statement IDs (SID) in a single policy must be unique.';
  if (statements.some(({ principal, notPrincipal }) => principal ?? notPrincipal)) {
    return 'Policy document should not specify a principal.';
  }
  if (statements.some((statement) => actionsOf(statement).length === 0))
    return 'Policy statement must contain actions.';
  const mistake = resources ?? actionMistake(statements.flatMap(actionsOf));
  if (mistake !== undefined) return mistake;
  if (statements.some((statement) => resourcesOf(statement).length === 0)) {
    return 'Policy statement must contain resources.';
  }
  return undefined;
}

/** The effect in its exact spelling, and dates that are dates. */
function failsLegacyParsing({ effect, conditions }: ShapedStatement): boolean {
  if (effect !== 'Allow' && effect !== 'Deny') return true;
  return conditions.some(
    ({ operator, values }) =>
      parseOperator(operator)?.operator?.name.startsWith('Date') &&
      values.some((value) => parseTime(value) === undefined),
  );
}
