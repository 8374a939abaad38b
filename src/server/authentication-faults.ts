import { AwsFault, type Protocol } from '../wire/index.ts';

/** Services of one family word a refusal alike. */
export type Family = 's3' | 'query' | 'json';

export function familyOf({ name }: Pick<Protocol, 'name'>): Family {
  if (name === 'rest-xml') return 's3';
  return name === 'query' ? 'query' : 'json';
}

export function invalidAccessKey(accessKeyId: string, family: Family): AwsFault {
  if (family === 's3') {
    return new AwsFault({
      code: 'InvalidAccessKeyId',
      status: 403,
      message: 'The AWS Access Key Id you provided does not exist in our records.',
      fields: { AWSAccessKeyId: accessKeyId },
    });
  }
  return new AwsFault({
    code: family === 'query' ? 'InvalidClientTokenId' : 'UnrecognizedClientException',
    status: 403,
    message: 'The security token included in the request is invalid.',
  });
}

/** A temporary key without its token is to AWS a key that it does not know. */
export const missingToken = invalidAccessKey;

export function invalidToken(family: Family): AwsFault {
  if (family === 's3') {
    return new AwsFault({
      code: 'InvalidToken',
      status: 400,
      message: 'The provided token is malformed or otherwise invalid.',
    });
  }
  return invalidAccessKey('', family);
}

export function tokenExpired(family: Family): AwsFault {
  if (family === 's3') {
    return new AwsFault({ code: 'ExpiredToken', status: 400, message: 'The provided token has expired.' });
  }
  return new AwsFault({
    code: family === 'query' ? 'ExpiredToken' : 'ExpiredTokenException',
    status: 403,
    message: 'The security token included in the request is expired',
  });
}

/** A signature for one service is none for another, though the key is the same. */
export function wrongService(signingName: string, family: Family): AwsFault {
  const message = `Credential should be scoped to correct service: '${signingName}'.`;
  if (family === 'json') return new AwsFault({ code: 'InvalidSignatureException', status: 400, message });
  return new AwsFault({ code: 'SignatureDoesNotMatch', status: 403, message });
}

export function missingAuthentication(family: Family): AwsFault {
  return new AwsFault({
    code: family === 'json' ? 'MissingAuthenticationTokenException' : 'MissingAuthenticationToken',
    status: 403,
    message: family === 'query' ? 'Request is missing Authentication Token' : 'Missing Authentication Token',
  });
}
