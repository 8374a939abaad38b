import { createHash } from 'node:crypto';
import { AwsFault, type FaultOptions } from '../fault.ts';
import type { Dialect } from './dialect.ts';
import type { CredentialFlaw } from './scope.ts';

const expectedCredential = 'expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request"';

export function accessDenied(message: string, fields: FaultOptions['fields'] = {}): AwsFault {
  return new AwsFault({ code: 'AccessDenied', status: 403, message, fields });
}

/** A signature that the services outside S3 can't read. */
export function incompleteSignature(dialect: Dialect, message: string): AwsFault {
  if (dialect === 'json') return new AwsFault({ code: 'IncompleteSignatureException', status: 400, message });
  return new AwsFault({ code: 'IncompleteSignature', status: 400, message });
}

/** A signature that the services outside S3 read but don't accept. JSON services answer 400, query services 403. */
export function invalidSignature(dialect: Dialect, message: string): AwsFault {
  if (dialect === 'json') return new AwsFault({ code: 'InvalidSignatureException', status: 400, message });
  return new AwsFault({ code: 'SignatureDoesNotMatch', status: 403, message });
}

export function severalMechanisms(dialect: Dialect): AwsFault {
  const message =
    'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified';
  if (dialect !== 's3') return incompleteSignature(dialect, message);
  return new AwsFault({ code: 'InvalidArgument', status: 400, message, fields: { ArgumentName: 'Authorization' } });
}

export function unsupportedAlgorithm(dialect: Dialect, algorithm: string): AwsFault {
  const message = 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.';
  if (dialect === 's3') return new AwsFault({ code: 'InvalidRequest', status: 400, message });
  return incompleteSignature(dialect, `Unsupported AWS 'algorithm': '${printable(algorithm)}'. ${message}`);
}

export function unsupportedType(dialect: Dialect, authorisation: string): AwsFault {
  if (dialect !== 's3') return malformedHeader(dialect, authorisation);
  const message = 'Unsupported Authorization Type';
  return new AwsFault({ code: 'InvalidArgument', status: 400, message, fields: { ArgumentName: 'Authorization' } });
}

/** The value isn't repeated, since it may be a password of another scheme; AWS gives its digest. */
export function malformedHeader(dialect: Dialect, text: string): AwsFault {
  if (dialect === 's3') {
    return headerFault('the authorization header requires three components: Credential, SignedHeaders, and Signature.');
  }
  const digest = createHash('sha256').update(text, 'latin1').digest('base64');
  const missing = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => !text.includes(`${name}=`));
  const texts = missing.map((name) => `Authorization header requires '${name}' parameter. `);
  const reason = texts.join('') || 'Invalid key=value pair (missing equal-sign) in Authorization header. ';
  return incompleteSignature(dialect, `${reason}(Hashed with SHA-256 and encoded with Base64) Authorization=${digest}`);
}

function headerFault(reason: string): AwsFault {
  const message = `The authorization header is malformed; ${reason}`;
  return new AwsFault({ code: 'AuthorizationHeaderMalformed', status: 400, message });
}

export function queryParametersFault(dialect: Dialect, message: string): AwsFault {
  if (dialect !== 's3') return incompleteSignature(dialect, message);
  return new AwsFault({ code: 'AuthorizationQueryParametersError', status: 400, message });
}

/** Where a signature stands. */
export type Place = 'header' | 'query';

/** S3 words what is wrong with a credential by where it stands. */
export function scopeFault(place: Place, reason: string): AwsFault {
  return place === 'header'
    ? headerFault(reason)
    : queryParametersFault('s3', `Error parsing the X-Amz-Credential parameter; ${reason}`);
}

export function credentialFault(dialect: Dialect, place: Place, flaw: CredentialFlaw): AwsFault {
  if (dialect === 's3') {
    if (flaw !== 'date') return scopeFault(place, `the Credential is mal-formed; ${expectedCredential}.`);
    return scopeFault(place, 'incorrect date format. This date in the credential must be in the format "yyyyMMdd".');
  }
  if (flaw === 'end') {
    return invalidSignature(dialect, "Credential should be scoped with a valid terminator: 'aws4_request'.");
  }
  if (flaw === 'date') return invalidSignature(dialect, 'Date in Credential scope is not of the form YYYYMMDD.');
  const example = 'keyid/date/region/service/term';
  return incompleteSignature(dialect, `Credential must have exactly 5 slash-delimited elements, e.g. ${example}`);
}

export function dateMissing(dialect: Dialect): AwsFault {
  if (dialect === 's3') return accessDenied('AWS authentication requires a valid Date or x-amz-date header');
  return incompleteSignature(
    dialect,
    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
  );
}

export function malformedToken(dialect: Dialect): AwsFault {
  if (dialect === 's3') {
    const message = 'The provided token is malformed or otherwise invalid.';
    return new AwsFault({ code: 'InvalidToken', status: 400, message });
  }
  const message = 'The security token included in the request is invalid.';
  if (dialect === 'json') return new AwsFault({ code: 'UnrecognizedClientException', status: 400, message });
  return new AwsFault({ code: 'InvalidClientTokenId', status: 403, message });
}

/** Answers are XML, which has no place for control characters, escaped or not. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
}

export function requestTimeTooSkewed(
  requestTime: string,
  { serverTime, maxSkewMs }: { serverTime: string; maxSkewMs: number },
): AwsFault {
  return new AwsFault({
    code: 'RequestTimeTooSkewed',
    status: 403,
    message: 'The difference between the request time and the current time is too large.',
    fields: { RequestTime: requestTime, ServerTime: serverTime, MaxAllowedSkewMilliseconds: maxSkewMs },
  });
}
