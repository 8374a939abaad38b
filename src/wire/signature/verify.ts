import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { RequestHead } from '../message.ts';
import { canonicalRequest, normalisedPath, s3Path } from './canonical.ts';
import type { Claim, SigV2Claim, SigV4Claim } from './claim.ts';
import { type Dialect, dialectOf } from './dialect.ts';
import { unsupportedAlgorithm } from './faults.ts';
import { createSigningKeys, type SigningKeys } from './keys.ts';
import { checkBodyHash, mismatch } from './mismatch.ts';
import { payloadText } from './payload.ts';
import { checkS3Claim, checkScope } from './rules.ts';
import { stringToSignV2 } from './sigv2.ts';
import { checkSigV2Time, checkTime } from './time.ts';

export interface VerifyOptions {
  readonly secret: string;
  readonly now: Date;
  readonly family: 's3' | 'other';
  /** Hex SHA-256 of the body. Outside S3 it is always needed, as clients send none. */
  readonly bodyHash?: string;
}

/** A request that was signed with the secret of the key that it names. */
export interface Verified {
  readonly claim: Claim;
  /** Hex HMAC of a text with the request's own key: the chunks of a body are signed so. SigV4 only. */
  readonly sign?: (text: string) => string;
}

export interface Verifier {
  /** @throws AwsFault when signature, time or scope don't hold, in the family's words. */
  verify(head: RequestHead, claim: Claim, options: VerifyOptions): Verified;
}

export function createVerifier(): Verifier {
  const keys = createSigningKeys();
  return {
    verify(head, claim, options) {
      const dialect = dialectFor(head, claim, options);
      if (claim.kind === 'sigv2-query') return verifySigV2(head, claim, { ...options, dialect });
      return verifySigV4(head, claim, { ...options, dialect, keys });
    },
  };
}

function dialectFor(head: RequestHead, claim: Claim, { family }: VerifyOptions): Dialect {
  if (family === 's3') return 's3';
  const dialect = dialectOf(head, claim.scope?.service ?? '');
  return dialect === 's3' ? 'query' : dialect;
}

type Context = VerifyOptions & { readonly dialect: Dialect };

function verifySigV4(head: RequestHead, claim: SigV4Claim, context: Context & { keys: SigningKeys }): Verified {
  const { dialect, secret, now, keys, bodyHash } = context;
  checkScope(head, claim, dialect);
  if (dialect === 's3') checkS3Claim(head, claim);
  checkTime(claim, { now, dialect });
  if (dialect !== 's3' && bodyHash === undefined) throw new Error('Outside S3 a signature covers the body: bodyHash.');
  const payload = dialect === 's3' ? (payloadText(claim.payload) ?? '') : (bodyHash as string);
  const path = dialect === 's3' ? s3Path(head.rawPath) : normalisedPath(head.rawPath);
  const canonical = canonicalRequest(head, { signedHeaders: claim.signedHeaders, payload, path });
  const stringToSign = [
    'AWS4-HMAC-SHA256',
    claim.date,
    scopeText(claim),
    createHash('sha256').update(canonical, 'latin1').digest('hex'),
  ].join('\n');
  const key = keys.of(secret, claim.scope);
  const sign = (text: string): string => createHmac('sha256', key).update(text, 'latin1').digest('hex');
  if (!isEqual(sign(stringToSign), claim.signature)) throw mismatch(claim, { dialect, stringToSign, canonical });
  if (dialect === 's3') checkBodyHash(claim.payload, bodyHash);
  return { claim, sign };
}

/** `20150830/us-east-1/s3/aws4_request` */
export function scopeText({ scope: { date, region, service } }: SigV4Claim): string {
  return `${date}/${region}/${service}/aws4_request`;
}

function verifySigV2(head: RequestHead, claim: SigV2Claim, { dialect, secret, now }: Context): Verified {
  if (dialect !== 's3') throw unsupportedAlgorithm(dialect, 'AWS signature version 2');
  checkSigV2Time(claim, now);
  const stringToSign = stringToSignV2(head, claim);
  const signature = createHmac('sha1', secret).update(stringToSign, 'latin1').digest('base64');
  if (!isEqual(signature, claim.signature)) throw mismatch(claim, { dialect, stringToSign });
  return { claim };
}

/** In a time that does not tell where they differ. */
export function isEqual(computed: string, received: string): boolean {
  const [a, b] = [Buffer.from(computed), Buffer.from(received)];
  return a.length === b.length && timingSafeEqual(a, b);
}
