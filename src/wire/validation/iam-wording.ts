import { AwsFault } from '../fault.ts';
import type { Protocol } from '../protocols/protocol.ts';
import { coralWording } from './coral-wording.ts';
import { lowerFirst } from './text.ts';
import type { Violation, Wording } from './violation.ts';

/**
 * IAM looks at names and paths itself, after the framework has looked at everything else, and has words of its own for them:
 * "The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-".
 */
export function iamWording(protocol: Protocol['name']): Wording {
  const framework = coralWording({ code: 'ValidationError', values: 'hidden', protocol });
  return {
    violated(violations, operation) {
      const others = violations.filter((violation) => ownWords(violation) === undefined);
      if (others.length > 0) return framework.violated(others, operation);
      const [first] = violations as [Violation];
      const message = `The specified value for ${nameOf(first)} is invalid. ${ownWords(first)}`;
      return new AwsFault({ code: 'ValidationError', status: 400, message });
    },
    mistyped: framework.mistyped,
  };
}

function ownWords(violation: Violation): string | undefined {
  if (violation.broken.rule !== 'pattern') return undefined;
  if (nameOf(violation) === 'path') {
    return 'It must begin and end with / and contain only alphanumeric characters and/or / characters.';
  }
  if (nameOf(violation) === 'pathPrefix') {
    return 'It must begin with the / character and contain only alphanumeric characters and/or / characters.';
  }
  const namesOnly = violation.broken.pattern === '[\\w+=,.@-]+';
  return namesOnly ? 'It must contain only alphanumeric characters and/or the following: +=,.@_-' : undefined;
}

function nameOf({ path }: Violation): string {
  return lowerFirst(String(path.at(-1)));
}
