/** STS's errors, in its codes and words. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html#API_AssumeRole_Errors */
import { AwsFault } from '../../wire/index.ts';

export function missingAuthenticationToken(): AwsFault {
  return new AwsFault({
    code: 'MissingAuthenticationToken',
    status: 403,
    message: 'Request is missing Authentication Token',
  });
}

export function accessDenied(message: string): AwsFault {
  return new AwsFault({ code: 'AccessDenied', status: 403, message });
}

/** @param principal ARN of the caller. */
export function notAuthorized(principal: string, roleArn: string): AwsFault {
  return accessDenied(`User: ${principal} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`);
}

export function validationError(message: string): AwsFault {
  return new AwsFault({ code: 'ValidationError', status: 400, message });
}

export function malformedPolicyDocument(message: string): AwsFault {
  return new AwsFault({ code: 'MalformedPolicyDocument', status: 400, message });
}

export function packedPolicyTooLarge(percent: number): AwsFault {
  return new AwsFault({
    code: 'PackedPolicyTooLarge',
    status: 400,
    message: `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
  });
}
