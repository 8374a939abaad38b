import { AwsFault } from '../fault.ts';
import type { Claim, Payload } from './claim.ts';
import type { Dialect } from './dialect.ts';
import { invalidSignature, printable } from './faults.ts';

const what = 'The request signature we calculated does not match the signature you provided.';

/** Tells what was signed here, so that both sides can be compared. */
export function mismatch(
  claim: Claim,
  { dialect, stringToSign, canonical }: { dialect: Dialect; stringToSign: string; canonical?: string },
): AwsFault {
  if (dialect !== 's3') {
    const message = [
      `${what} Check your AWS Secret Access Key and signing method. Consult the service documentation for details.`,
      `The Canonical String for this request should have been\n'${canonical}'`,
      `The String-to-Sign should have been\n'${stringToSign}'\n`,
    ].join('\n\n');
    return invalidSignature(dialect, message);
  }
  return new AwsFault({
    code: 'SignatureDoesNotMatch',
    status: 403,
    message: `${what} Check your key and signing method.`,
    fields: {
      AWSAccessKeyId: claim.accessKeyId,
      // With what SigV2 signs decoded; the bytes below have it as it is.
      StringToSign: stringToSign.replace(/[^\P{Cc}\n\t]/gu, '?'),
      SignatureProvided: printable(claim.signature),
      StringToSignBytes: bytesOf(stringToSign),
      ...(canonical !== undefined && { CanonicalRequest: canonical, CanonicalRequestBytes: bytesOf(canonical) }),
    },
  });
}

/** `41 57 53 34`, as S3 writes them. */
function bytesOf(text: string): string {
  return Buffer.from(text, 'latin1')
    .toString('hex')
    .replace(/..(?=.)/g, '$& ');
}

/** For those who have read the body already. @throws AwsFault when it is not the one that was signed. */
export function checkBodyHash(payload: Payload, computed: string | undefined): void {
  if (payload.kind !== 'hash' || computed === undefined || payload.sha256.toLowerCase() === computed) return;
  throw new AwsFault({
    code: 'XAmzContentSHA256Mismatch',
    status: 400,
    message: "The provided 'x-amz-content-sha256' header does not match what was computed.",
    fields: { ClientComputedContentSHA256: payload.sha256, S3ComputedContentSHA256: computed },
  });
}
