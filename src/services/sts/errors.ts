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
