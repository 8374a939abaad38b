import type { RequestBody } from '../../wire/index.ts';
import type { Call } from '../operation.ts';
import { entityTooLarge, headerNotImplemented, missingContentLength } from './errors.ts';
import { type ChecksumAlgorithm, type Claims, checkIntegrity, headerClaims } from './integrity.ts';
import type { Checksum, ObjectPart } from './objects.ts';
import type { S3State } from './state.ts';

/** One PUT takes 5 GiB; larger objects are uploaded in parts. */
export const maximumPutBytes = 5 * 1024 ** 3;

/** Bytes that are stored and checked, but belong to nobody yet. */
export interface Received {
  readonly blob: ObjectPart;
  /** Hexadecimal MD5. */
  readonly etag: string;
  readonly checksum: Checksum | undefined;
}

export interface Reception {
  readonly call: Call;
  readonly state: S3State;
  /** See Expectations. */
  readonly fallback?: ChecksumAlgorithm | undefined;
}

/**
 * Stores a body while it comes in, then commits `keep`, which makes a row refer to it: until then the blob is safe from collection.
 * @throws AwsFault MissingContentLength, EntityTooLarge, BadDigest, …; and what the body itself throws.
 */
export async function receive<Kept>(
  { Body: body, ...input }: Claims & { readonly Body?: RequestBody | undefined },
  { call, state, fallback }: Reception,
  keep: (received: Received) => Kept,
): Promise<Kept> {
  if (body?.length === undefined) throw unknownLength(call);
  if (body.length > maximumPutBytes) throw entityTooLarge(body.length, maximumPutBytes);
  const claims = headerClaims(input, call.headers);
  const integrity = checkIntegrity(claims, { trailer: call.headers.get('x-amz-trailer'), fallback });
  const { pieces, check } = body.unhashed ?? { pieces: body };
  const blob = await state.store.blobs.write(pieces, { sinks: integrity.sinks });
  try {
    check?.(blob.id);
    const { md5, checksum } = await integrity.finish(body.trailers);
    return await state.store.database.commit(() => keep({ blob, etag: md5.toString('hex'), checksum }));
  } finally {
    blob.release();
  }
}

/** S3 takes no bodies of unknown length. */
function unknownLength({ headers }: Call) {
  return headers.has('transfer-encoding')
    ? headerNotImplemented(
        'Transfer-Encoding',
        'Send Content-Length, or aws-chunked with x-amz-decoded-content-length.',
      )
    : missingContentLength();
}
