import type { Shape } from '../constraints/constraints.ts';
import { AwsFault } from '../fault.ts';
import type { Protocol } from '../protocols/protocol.ts';
import { mistyped } from './mistyped.ts';
import { rulesOf } from './rules.ts';
import { pathText, quoted } from './text.ts';
import type { Part, Rule, Violation, Wording } from './violation.ts';

export interface CoralOptions {
  readonly code: string;
  /** AWS is ceasing to repeat what was sent: STS still says "Value 'a b' at 'roleSessionName'", IAM and Logs "Value at 'roleName'". */
  readonly values: 'shown' | 'hidden';
  readonly protocol: Protocol['name'];
}

/** The words of AWS's own service framework: most services answer with them, under codes that differ. */
export function coralWording({ code, values, protocol }: CoralOptions): Wording {
  return {
    violated(violations) {
      const complaints = violations.map((violation) => complaint(violation, values));
      const plural = complaints.length === 1 ? 'error' : 'errors';
      return new AwsFault({
        code,
        status: 400,
        message: `${complaints.length} validation ${plural} detected: ${complaints.join('; ')}`,
      });
    },
    mistyped: (mismatch) => mistyped(mismatch, protocol),
  };
}

function complaint({ path, value, shape, broken, part }: Violation, values: 'shown' | 'hidden'): string {
  const shown = values === 'shown' ? ` ${quoted(part ? part.whole : value)}` : '';
  const at = pathText(part ? path.slice(0, -1) : path);
  const constraint = part ? partsText(shape, part.of) : ruleText(broken, shape);
  return `Value${shown} at '${at}' failed to satisfy constraint: ${constraint}`;
}

const opening = { item: 'Member must', key: 'Map keys must', value: 'Map value must' } as const;

/** Bare values in lists and maps are not named one by one: the list is, with everything that its members have to be. */
function partsText(shape: Shape, part: Part['of']): string {
  const rules = [...rulesOf(shape), { rule: 'required' } as const].map((rule) => ruleText(rule, shape));
  return `${opening[part]} satisfy constraint: [${rules.join(', ')}]`;
}

function ruleText(broken: Rule, { type }: Shape): string {
  const measure = ['integer', 'long', 'float', 'double'].includes(type) ? 'value' : 'length';
  switch (broken.rule) {
    case 'required':
      return 'Member must not be null';
    case 'max':
      return `Member must have ${measure} less than or equal to ${broken.limit}`;
    case 'min':
      return `Member must have ${measure} greater than or equal to ${broken.limit}`;
    case 'pattern':
      return `Member must satisfy regular expression pattern: ${broken.pattern}`;
    case 'enum':
      return `Member must satisfy enum value set: [${broken.values.join(', ')}]`;
  }
}
