import { AwsFault } from '../fault.ts';
import type { Protocol } from '../protocols/protocol.ts';
import { mistyped } from './mistyped.ts';
import { shortened } from './text.ts';
import type { Path, Violation, Wording } from './violation.ts';

/**
 * CloudWatch's own words, a line for each parameter: "The parameter MetricData.member.16.Dimensions.member.3.Value is required.".
 * What is missing has a code of its own and is told before what is wrong.
 */
export function cloudwatchWording(protocol: Protocol['name']): Wording {
  return {
    violated(violations, operation) {
      const missing = violations.filter(isMissing);
      const lines = (missing.length > 0 ? missing : violations).map(complaint);
      // The younger operation has one code for all, and ends its last line too: "… is required.\n".
      if (operation === 'GetMetricData') return fault('ValidationError', `${lines.join('\n')}\n`);
      return fault(missing.length > 0 ? 'MissingParameter' : 'InvalidParameterValue', lines.join('\n'));
    },
    mistyped: (mismatch) => mistyped(mismatch, protocol),
  };
}

function fault(code: string, message: string): AwsFault {
  return new AwsFault({ code, status: 400, message });
}

/** An empty string or collection counts as missing: `Value=""` is "required". */
function isMissing({ broken, shape }: Violation): boolean {
  if (broken.rule === 'required') return true;
  return broken.rule === 'min' && broken.limit === 1 && (shape.type === 'string' || shape.type === 'list');
}

function complaint(violation: Violation): string {
  const { value, shape, broken } = violation;
  const name = parameterName(violation.path);
  if (isMissing(violation)) return `The parameter ${name} is required.`;
  const many = shape.type === 'list' || shape.type === 'map';
  switch (broken.rule) {
    case 'max':
      if (many) return `The collection ${name} must not have a size greater than ${broken.limit}.`;
      if (shape.type === 'string') return `The parameter ${name} must be shorter than ${broken.limit + 1} characters.`;
      return `The parameter ${name} must be less than or equal to ${broken.limit}.`;
    case 'min':
      if (many) return `The collection ${name} must not have a size less than ${broken.limit}.`;
      if (shape.type === 'string') return `The parameter ${name} must be longer than ${broken.limit - 1} characters.`;
      return `The parameter ${name} must be greater than or equal to ${broken.limit}.`;
    case 'enum':
      return `The parameter ${name} must be a value in the set [ ${broken.values.join(', ')} ].`;
    default:
      return `The value ${shortened(value)} for parameter ${name} is invalid.`;
  }
}

/** As the query protocol writes it, in every protocol: `MetricData.member.1.Dimensions`. */
function parameterName(path: Path): string {
  return path.map((step) => (typeof step === 'number' ? `member.${step}` : step)).join('.');
}
