import type { RequestHead } from '../message.ts';
import { readHeaderClaim } from './claim-header.ts';
import { readQueryClaim } from './claim-query.ts';
import { readSigV2Claim } from './claim-sigv2.ts';
import { dialectOf } from './dialect.ts';
import { severalMechanisms } from './faults.ts';
import { queryParameters } from './parameters.ts';

export interface Scope {
  /** yyyyMMdd */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** How a request says what its body is. `other` is a value that S3 doesn't know. */
export type Payload =
  | { readonly kind: 'absent' | 'unsigned' | 'unsigned-trailer' | 'signed-chunks' | 'signed-chunks-trailer' }
  | { readonly kind: 'hash' /** Hex SHA-256, as sent. */; readonly sha256: string }
  | { readonly kind: 'other'; readonly value: string };

interface AnyClaim {
  readonly accessKeyId: string;
  readonly sessionToken?: string;
  readonly signature: string;
}

export interface SigV4Claim extends AnyClaim {
  readonly kind: 'sigv4-header' | 'sigv4-query';
  readonly scope: Scope;
  /** yyyyMMdd'T'HHmmss'Z' */
  readonly date: string;
  /** Lower-case names in the order signed. */
  readonly signedHeaders: readonly string[];
  readonly payload: Payload;
  /** Presigned: seconds from the date. */
  readonly expiresIn?: number;
}

/** Presigned URLs of older clients, for S3 only. */
export interface SigV2Claim extends AnyClaim {
  readonly kind: 'sigv2-query';
  readonly scope?: undefined;
  /** As sent: seconds since 1970. */
  readonly expires: string;
}

/** What a request says about who signed it. Nothing of it is proven before {@link Verifier.verify}. */
export type Claim = SigV4Claim | SigV2Claim;

/**
 * Reads what a request claims, before any secret is looked up.
 * @returns undefined when it is not signed.
 * @throws AwsFault in the words of the service that it seems to be for.
 */
export function readSignature(head: RequestHead): Claim | undefined {
  const authorisations = head.rawHeaders.filter(([name]) => name.toLowerCase() === 'authorization');
  const parameters = queryParameters(head.rawQuery);
  const sigV4 = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature'].some((name) => parameters.has(name));
  const sigV2 = ['AWSAccessKeyId', 'Signature'].some((name) => parameters.has(name));
  if (authorisations.length + Number(sigV4) + Number(sigV2) > 1) {
    throw severalMechanisms(dialectOf(head));
  }
  const [authorisation] = authorisations;
  if (authorisation) return readHeaderClaim(head, authorisation[1]);
  if (sigV4) return readQueryClaim(head, parameters);
  return sigV2 ? readSigV2Claim(head, parameters) : undefined;
}
