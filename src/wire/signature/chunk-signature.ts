import { createHash, type Hash } from 'node:crypto';
import { AwsFault } from '../fault.ts';
import { chunkMismatch } from './body-faults.ts';
import type { SigV4Claim } from './claim.ts';
import { printable } from './faults.ts';
import { isEqual, scopeText, type Verified } from './verify.ts';

/** Each chunk's signature covers the one before, the first one's that of the head. */
export interface ChunkChecks {
  update(piece: Uint8Array): void;
  /** @throws AwsFault unless the bytes since the last chunk bear the signature. */
  endChunk(signature: string): void;
  /** @throws AwsFault unless the trailer, as `name:value` lines, bears it. */
  endTrailer(text: string, signature: string): void;
}

const emptyHash = createHash('sha256').digest('hex');

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and …/sigv4-streaming-trailers.html
 * @throws AwsFault when the head wasn't signed with SigV4, as then there is no key.
 */
export function checkedChunks(verified: Verified | undefined): ChunkChecks {
  if (verified?.sign === undefined || verified.claim.kind === 'sigv2-query') {
    const message = 'Signed chunks need a request that is signed with AWS4-HMAC-SHA256.';
    throw new AwsFault({ code: 'InvalidRequest', status: 400, message });
  }
  const { sign, claim } = verified;
  let previous = claim.signature;
  let hash: Hash = createHash('sha256');
  const check = (stringToSign: string, signature: string): void => {
    if (!isEqual(sign(stringToSign), signature)) {
      const { accessKeyId } = claim;
      throw chunkMismatch({
        AWSAccessKeyId: accessKeyId,
        StringToSign: stringToSign,
        SignatureProvided: printable(signature),
      });
    }
    previous = signature;
  };
  return {
    update: (piece) => {
      hash.update(piece);
    },
    endChunk(signature) {
      const content = hash.digest('hex');
      hash = createHash('sha256');
      check(stringToSign('PAYLOAD', claim, [previous, emptyHash, content]), signature);
    },
    endTrailer(text, signature) {
      const content = createHash('sha256').update(text, 'latin1').digest('hex');
      check(stringToSign('TRAILER', claim, [previous, content]), signature);
    },
  };
}

function stringToSign(kind: 'PAYLOAD' | 'TRAILER', claim: SigV4Claim, rest: readonly string[]): string {
  return [`AWS4-HMAC-SHA256-${kind}`, claim.date, scopeText(claim), ...rest].join('\n');
}
