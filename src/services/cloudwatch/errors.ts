/** CloudWatch's errors by their query codes, which are the older names; the wire knows those of the JSON and CBOR models. */
import { AwsFault } from '../../wire/index.ts';

export function invalidValue(message: string): AwsFault {
  return fault('InvalidParameterValue', message);
}

export function invalidCombination(message: string): AwsFault {
  return fault('InvalidParameterCombination', message);
}

export function missingParameter(message: string): AwsFault {
  return fault('MissingParameter', message);
}

/** GetMetricData is younger and has one code for all; its messages end their last line too. */
export function validationError(...lines: readonly string[]): AwsFault {
  return fault('ValidationError', lines.map((line) => `${line}\n`).join(''));
}

export function invalidNextToken(): AwsFault {
  return fault('InvalidNextToken', 'Request parameter NextToken is invalid');
}

export function requestTooLarge(): AwsFault {
  return new AwsFault({
    code: 'RequestEntityTooLarge',
    status: 413,
    message: 'Request size exceeded 1048576 bytes.',
  });
}

/** A part of AWS that is not served here, said by name. */
export function notServed(message: string): AwsFault {
  return new AwsFault({ code: 'NotImplemented', status: 501, message });
}

export function accessDenied(message: string): AwsFault {
  return new AwsFault({ code: 'AccessDenied', status: 403, message });
}

function fault(code: string, message: string): AwsFault {
  return new AwsFault({ code, status: 400, message });
}
