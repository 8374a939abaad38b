/** What a copy of an object's bytes is called: they are shared, not copied, but a copy may have other sums than its source. */
import { type ChecksumAlgorithm, checkIntegrity } from './integrity.ts';
import { type Checksum, isMultipart, type ObjectVersion } from './objects.ts';
import type { S3State } from './state.ts';

export interface CopiedContent {
  /** Without quotes. */
  readonly etag: string;
  readonly checksum: Checksum | undefined;
}

/**
 * A copy is one part, so it has the MD5 of its bytes for an ETag and a checksum of all of them. Where the source was uploaded in parts,
 * or has another checksum than is wanted, the bytes are read once, to be summed.
 * @param keep Makes a row refer to the source's blobs: until then they are safe from collection.
 */
export async function copyContent<Kept>(
  source: ObjectVersion,
  { algorithm, state }: { algorithm: ChecksumAlgorithm | undefined; state: S3State },
  keep: (content: CopiedContent) => Kept,
): Promise<Kept> {
  const { checksum } = source;
  const wanted = algorithm ?? checksum?.algorithm;
  const known = checksum?.algorithm === wanted && checksum?.type !== 'COMPOSITE';
  if (!isMultipart(source) && known) return keep({ etag: source.etag, checksum });
  const { blobs } = state.store;
  // The source may be deleted meanwhile. A stream that nobody reads holds the blobs until it is destroyed.
  const hold = blobs.read(source.parts);
  try {
    const integrity = checkIntegrity({}, { trailer: undefined, fallback: wanted });
    for await (const chunk of blobs.read(source.parts)) for (const sink of integrity.sinks) sink.update(chunk);
    const sums = await integrity.finish(new Map());
    return keep({ etag: sums.md5.toString('hex'), checksum: sums.checksum });
  } finally {
    hold.destroy();
  }
}
