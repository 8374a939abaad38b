import type { AuthorizationContext } from '../services/principal.ts';
import { type Claim, signedAt } from '../wire/index.ts';

/**
 * What bucket policies can say of how a request is signed. Without these keys, a Deny for old or presigned requests would let them pass.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
 */
export function signatureContext(
  claim: Claim | undefined,
  { headers, now }: { readonly headers: ReadonlyMap<string, string>; readonly now: Date },
): AuthorizationContext {
  const payload = { 's3:x-amz-content-sha256': headers.get('x-amz-content-sha256') };
  if (claim === undefined) return payload;
  const authType = claim.kind === 'sigv4-header' ? 'REST-HEADER' : 'REST-QUERY-STRING';
  if (claim.kind === 'sigv2-query') return { ...payload, 's3:authType': authType, 's3:signatureversion': 'AWS' };
  return {
    ...payload,
    's3:authType': authType,
    's3:signatureversion': 'AWS4-HMAC-SHA256',
    // Milliseconds.
    's3:signatureAge': Math.max(0, now.getTime() - signedAt(claim.date)),
  };
}
