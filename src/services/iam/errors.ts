/** IAM's errors, in its codes and words. https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html and those of each action. */
import { AwsFault } from '../../wire/index.ts';

export function accessDenied(message: string): AwsFault {
  return new AwsFault({ code: 'AccessDenied', status: 403, message });
}

export function noSuchRole(name: string): AwsFault {
  return noSuchEntity(`The role with name ${name} cannot be found.`);
}

export function noSuchRolePolicy(name: string): AwsFault {
  return noSuchEntity(`The role policy with name ${name} cannot be found.`);
}

export function noSuchPolicy(arn: string): AwsFault {
  return noSuchEntity(`Policy ${arn} was not found.`);
}

export function notAttachable(arn: string): AwsFault {
  return noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
}

export function noSuchPolicyVersion(arn: string, version: string): AwsFault {
  return notAttachable(`${arn} version ${version}`);
}

function noSuchEntity(message: string): AwsFault {
  return new AwsFault({ code: 'NoSuchEntity', status: 404, message });
}

export function roleAlreadyExists(name: string): AwsFault {
  return new AwsFault({ code: 'EntityAlreadyExists', status: 409, message: `Role with name ${name} already exists.` });
}

export function policyAlreadyExists(name: string): AwsFault {
  return new AwsFault({
    code: 'EntityAlreadyExists',
    status: 409,
    message: `A policy called ${name} already exists. Duplicate names are not allowed.`,
  });
}

export function malformedPolicyDocument(message: string): AwsFault {
  return new AwsFault({ code: 'MalformedPolicyDocument', status: 400, message });
}

export function deleteConflict(message: string): AwsFault {
  return new AwsFault({ code: 'DeleteConflict', status: 409, message });
}

/** @param quota In AWS's name: `PoliciesPerRole`. */
export function quotaExceeded(quota: string, limit: number): AwsFault {
  return limitExceeded(`Cannot exceed quota for ${quota}: ${limit}`);
}

export function limitExceeded(message: string): AwsFault {
  return new AwsFault({ code: 'LimitExceeded', status: 409, message });
}

export function invalidInput(message: string): AwsFault {
  return new AwsFault({ code: 'InvalidInput', status: 400, message });
}

export function validationError(message: string): AwsFault {
  return new AwsFault({ code: 'ValidationError', status: 400, message });
}

export function unmodifiableRole(name: string): AwsFault {
  return new AwsFault({
    code: 'UnmodifiableEntity',
    status: 400,
    message: `Cannot perform the operation on the protected role '${name}' - this role is only modifiable by AWS`,
  });
}

export function policyNotAttachable(): AwsFault {
  return new AwsFault({
    code: 'PolicyNotAttachable',
    status: 400,
    message: 'Cannot attach a Service Role Policy to a Customer Role.',
  });
}
