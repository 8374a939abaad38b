/** The errors of CloudWatch Logs, in its words. All of them are HTTP 400. */
import { AwsFault } from '../../wire/index.ts';

export function groupNotFound(): AwsFault {
  return fault('ResourceNotFoundException', 'The specified log group does not exist.');
}

export function streamNotFound(): AwsFault {
  return fault('ResourceNotFoundException', 'The specified log stream does not exist.');
}

/** Of an ARN that tags are asked for. */
export function resourceNotFound(): AwsFault {
  return fault('ResourceNotFoundException', 'The specified resource does not exist.');
}

export function groupExists(): AwsFault {
  return fault('ResourceAlreadyExistsException', 'The specified log group already exists');
}

export function streamExists(): AwsFault {
  return fault('ResourceAlreadyExistsException', 'The specified log stream already exists');
}

export function invalidParameter(message: string): AwsFault {
  return fault('InvalidParameterException', message);
}

export function invalidToken(): AwsFault {
  return invalidParameter('The specified nextToken is invalid.');
}

export function tooManyTags(resource: string): AwsFault {
  return new AwsFault({
    code: 'TooManyTagsException',
    status: 400,
    message: 'The resource has too many tags: 50 is the maximum.',
    fields: { resourceName: resource },
  });
}

/** A part of AWS that is not served here, said by name. */
export function notServed(message: string): AwsFault {
  return new AwsFault({ code: 'NotImplemented', status: 501, message });
}

export function accessDenied(message: string): AwsFault {
  return fault('AccessDeniedException', message);
}

function fault(code: string, message: string): AwsFault {
  return new AwsFault({ code, status: 400, message });
}
