/** The errors of SageMaker, in its words. */
import { AwsFault } from '../../wire/index.ts';

/** What AWS says of most things: HTTP 400. */
export function validation(message: string): AwsFault {
  return new AwsFault({ code: 'ValidationException', status: 400, message });
}

/** Of describing, stopping and deleting what is not there. */
export function couldNotFind(what: string): AwsFault {
  return validation(`Could not find ${what}.`);
}

/** A name that is taken by a job of this kind: aws/amazon-sagemaker-examples#3108. */
export function alreadyExists(kind: string, arn: string): AwsFault {
  return new AwsFault({
    code: 'ResourceInUse',
    status: 400,
    message: `${kind} names must be unique within an AWS account and region, and a ${kind.toLowerCase()} with this name already exists (${arn})`,
  });
}

interface Limit {
  readonly limit: number;
  readonly asked: number;
  readonly used?: number;
  /** Of these figures: `Instances`. */
  readonly unit?: string;
}

/**
 * More than SageMaker allows: aws/amazon-sagemaker-examples#307, without its advice to ask AWS for more.
 * @param what The quota's name.
 */
export function limitExceeded(what: string, { limit, asked, used = 0, unit }: Limit): AwsFault {
  const told = (figure: number): string => (unit === undefined ? `${figure}` : `${figure} ${unit}`);
  return new AwsFault({
    code: 'ResourceLimitExceeded',
    status: 400,
    message: `The account-level service limit '${what}' is ${told(limit)}, with current utilization of ${told(used)} and a request delta of ${told(asked)}.`,
  });
}

/** A part of AWS that is not served here, said by name with the value received. */
export function notServed(message: string): AwsFault {
  return new AwsFault({ code: 'NotImplemented', status: 501, message });
}

export function accessDenied(message: string): AwsFault {
  return new AwsFault({ code: 'AccessDeniedException', status: 400, message });
}
