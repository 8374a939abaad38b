import { createHash } from 'node:crypto';
import { AwsFault } from '../fault.ts';
import type { RequestHead } from '../message.ts';
import { incompleteBody, lengthFault, missingLength, wrongLength } from './body-faults.ts';
import { checkedChunks } from './chunk-signature.ts';
import { createDeframer } from './chunked.ts';
import type { Payload } from './claim.ts';
import { checkBodyHash } from './mismatch.ts';
import { payloadOf } from './payload.ts';
import type { Verified } from './verify.ts';

/** The bytes of an object on their way in. Read once. */
export interface RequestBody extends AsyncIterable<Uint8Array> {
  /** Bytes, decoded, where the request tells. */
  readonly length?: number;
  /** By lower-case name; complete when the last byte was delivered. */
  readonly trailers: ReadonlyMap<string, string>;
  /** Where the signature covers the body's SHA-256: for whoever computes that anyway, so that it is computed once. */
  readonly unhashed?: UnhashedBody;
}

/** The same bytes, not compared with what was signed. */
export interface UnhashedBody {
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Must be called before anything is kept. @param sha256 Hex, of all pieces. @throws AwsFault when it is not what was signed. */
  check(sha256: string): void;
}

/**
 * The body of an S3 request as plain bytes: aws-chunked framing is taken off, and what was signed is compared while reading. Pieces are
 * delivered before all is known, so nothing may be kept of a body whose iteration throws. The source is not closed when that
 * happens, since a request that is closed can't be answered.
 * @throws AwsFault at once for headers that make no sense, and from the iteration, before its end, for a body that does not match.
 */
export function readBody(
  source: AsyncIterable<Uint8Array>,
  { head, verified }: { readonly head: RequestHead; readonly verified?: Verified | undefined },
): RequestBody {
  const payload = verified?.claim.scope ? verified.claim.payload : payloadOf(head.headers.get('x-amz-content-sha256'));
  if (payload.kind === 'unsigned-trailer' || payload.kind.startsWith('signed-chunks')) {
    return chunkedBody(source, { head, verified, payload });
  }
  const length = lengthOf(head, 'content-length');
  const pieces = { [Symbol.asyncIterator]: () => plainPieces(source, length) };
  const plain = { ...(length !== undefined && { length }), trailers: new Map() };
  if (payload.kind !== 'hash') return { ...plain, ...pieces };
  const check = (sha256: string): void => checkBodyHash(payload, sha256);
  return { ...plain, unhashed: { pieces, check }, [Symbol.asyncIterator]: () => hashedPieces(pieces, check) };
}

async function* plainPieces(source: AsyncIterable<Uint8Array>, length: number | undefined): AsyncGenerator<Uint8Array> {
  let received = 0;
  for await (const piece of unclosed(source)) {
    received += piece.length;
    yield piece;
  }
  if (length !== undefined && received !== length) throw wrongLength();
}

async function* hashedPieces(
  pieces: AsyncIterable<Uint8Array>,
  check: (sha256: string) => void,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
  check(hash.digest('hex'));
}

function chunkedBody(
  source: AsyncIterable<Uint8Array>,
  { head, verified, payload }: { head: RequestHead; verified: Verified | undefined; payload: Payload },
): RequestBody {
  const length = lengthOf(head, 'x-amz-decoded-content-length');
  if (length === undefined) throw missingLength();
  const trailers = new Map<string, string>();
  const withTrailer = payload.kind !== 'signed-chunks';
  const checks = payload.kind === 'unsigned-trailer' ? undefined : checkedChunks(verified);
  const declared = withTrailer ? (head.headers.get('x-amz-trailer') ?? '') : undefined;
  const deframer = createDeframer({ length, trailers, declared, checks });
  return { length, trailers, [Symbol.asyncIterator]: () => decodedPieces(source, deframer) };
}

async function* decodedPieces(
  source: AsyncIterable<Uint8Array>,
  deframer: ReturnType<typeof createDeframer>,
): AsyncGenerator<Uint8Array> {
  for await (const piece of unclosed(source)) yield* deframer.push(piece);
  deframer.end();
}

/** A source whose iteration isn't ended by ours. What goes wrong with it is the connection's end. */
function unclosed(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = source[Symbol.asyncIterator]();
      return {
        next: () =>
          iterator.next().catch((error: unknown) => {
            throw error instanceof AwsFault ? error : incompleteBody();
          }),
      };
    },
  };
}

/** @throws AwsFault for what is no number of bytes. */
function lengthOf(head: RequestHead, name: string): number | undefined {
  const text = head.headers.get(name);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw lengthFault(name, text);
  return Number(text);
}
