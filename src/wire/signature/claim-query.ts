import type { RequestHead } from '../message.ts';
import type { Payload, SigV4Claim } from './claim.ts';
import { type Dialect, dialectOf } from './dialect.ts';
import { credentialFault, queryParametersFault } from './faults.ts';
import type { QueryParameters } from './parameters.ts';
import { payloadOf } from './payload.ts';
import { isoDate, readCredential, readSignedHeaders, sessionTokenOf } from './scope.ts';

const required = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-Date',
  'X-Amz-SignedHeaders',
  'X-Amz-Expires',
] as const;
const week = 604_800;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
export function readQueryClaim(head: RequestHead, parameters: QueryParameters): SigV4Claim {
  const value = single(parameters, dialectOf(head));
  const credential = readCredential(value('X-Amz-Credential'));
  const dialect = dialectOf(head, typeof credential === 'string' ? undefined : credential.scope.service);
  if (value('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256') {
    throw queryParametersFault(dialect, 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  }
  if (typeof credential === 'string') throw credentialFault(dialect, 'query', credential);
  const date = value('X-Amz-Date');
  if (isoDate(date) !== date) {
    throw queryParametersFault(dialect, `X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`);
  }
  const sessionToken = sessionTokenOf(parameters.get('X-Amz-Security-Token')?.join(), dialect);
  const signedHeaders = readSignedHeaders(value('X-Amz-SignedHeaders'));
  if (signedHeaders === undefined) throw queryParametersFault(dialect, 'X-Amz-SignedHeaders is malformed');
  return {
    kind: 'sigv4-query',
    ...credential,
    ...(sessionToken !== undefined && { sessionToken }),
    date,
    expiresIn: secondsOf(value('X-Amz-Expires'), dialect),
    signedHeaders,
    signature: value('X-Amz-Signature'),
    payload: presignedPayload(head, parameters, signedHeaders),
  };
}

/** Each is there once: which one of two counts would be a matter of taste. */
function single(parameters: QueryParameters, dialect: Dialect): (name: (typeof required)[number]) => string {
  if (required.some((name) => parameters.get(name)?.length !== 1)) {
    throw queryParametersFault(
      dialect,
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    );
  }
  return (name) => parameters.get(name)?.[0] as string;
}

function secondsOf(text: string, dialect: Dialect): number {
  if (!/^[+-]?\d{1,15}$/.test(text)) throw queryParametersFault(dialect, 'X-Amz-Expires must be a number');
  const seconds = Number(text);
  if (seconds < 0) throw queryParametersFault(dialect, 'X-Amz-Expires must be non-negative');
  if (seconds > week) {
    const limit = `that is, the given X-Amz-Expires must be less than ${week} seconds`;
    throw queryParametersFault(dialect, `X-Amz-Expires must be less than a week (in seconds); ${limit}`);
  }
  return seconds;
}

/** Who presigns mostly does not know the body. JS puts what it signed into the query; a header counts only if it was signed. */
function presignedPayload(head: RequestHead, parameters: QueryParameters, signedHeaders: readonly string[]): Payload {
  const inQuery = parameters.get('X-Amz-Content-Sha256')?.join();
  const isSigned = signedHeaders.includes('x-amz-content-sha256');
  return payloadOf(inQuery ?? (isSigned ? head.headers.get('x-amz-content-sha256') : undefined) ?? 'UNSIGNED-PAYLOAD');
}
