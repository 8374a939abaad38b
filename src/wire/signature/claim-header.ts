import type { RequestHead } from '../message.ts';
import type { SigV4Claim } from './claim.ts';
import { type Dialect, dialectOf } from './dialect.ts';
import { credentialFault, dateMissing, malformedHeader, unsupportedAlgorithm, unsupportedType } from './faults.ts';
import { payloadOf } from './payload.ts';
import { isoDate, readCredential, readSignedHeaders, sessionTokenOf } from './scope.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html */
export function readHeaderClaim(head: RequestHead, authorisation: string): SigV4Claim {
  const [algorithm = ''] = authorisation.split(/[ \t]/, 1);
  if (algorithm !== 'AWS4-HMAC-SHA256') {
    // SigV2 in a header ("AWS KEY:SIGNATURE") and SigV4A.
    if (algorithm === 'AWS' || algorithm.startsWith('AWS4-')) throw unsupportedAlgorithm(dialectOf(head), algorithm);
    throw unsupportedType(dialectOf(head), authorisation);
  }
  const parts = readParts(authorisation.slice(algorithm.length), dialectOf(head));
  const credential = readCredential(parts.Credential);
  const dialect = dialectOf(head, typeof credential === 'string' ? undefined : credential.scope.service);
  if (typeof credential === 'string') throw credentialFault(dialect, 'header', credential);
  const signedHeaders = readSignedHeaders(parts.SignedHeaders);
  if (signedHeaders === undefined) throw malformedHeader(dialect, authorisation);
  const date = requestDate(head, dialect);
  const sessionToken = sessionTokenOf(head.headers.get('x-amz-security-token'), dialect);
  return {
    kind: 'sigv4-header',
    ...credential,
    ...(sessionToken !== undefined && { sessionToken }),
    date,
    signedHeaders,
    signature: parts.Signature,
    payload: payloadOf(head.headers.get('x-amz-content-sha256')),
  };
}

type Part = 'Credential' | 'SignedHeaders' | 'Signature';

function readParts(text: string, dialect: Dialect): Record<Part, string> {
  const parts = new Map<string, string>();
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, Math.max(at, 0)).trim();
    if (at < 0 || parts.has(name)) throw malformedHeader(dialect, text);
    parts.set(name, pair.slice(at + 1).trim());
  }
  const part = (name: Part): string => {
    const value = parts.get(name);
    if (value) return value;
    throw malformedHeader(dialect, text);
  };
  return { Credential: part('Credential'), SignedHeaders: part('SignedHeaders'), Signature: part('Signature') };
}

/** x-amz-date goes before Date, which proxies and browsers set. */
function requestDate({ headers }: RequestHead, dialect: Dialect): string {
  const text = headers.get('x-amz-date') ?? headers.get('date');
  const date = text === undefined ? undefined : isoDate(text);
  if (date === undefined) throw dateMissing(dialect);
  return date;
}
