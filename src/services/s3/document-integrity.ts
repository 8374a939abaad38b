/** XML and JSON bodies (DeleteObjects, PutBucketPolicy, …) come with the same digests as objects do. */
import { invalidRequest } from './errors.ts';
import { algorithms, type ChecksumMembers, checkIntegrity, checksumHeader } from './integrity.ts';

/**
 * Not for CompleteMultipartUpload, whose checksum is the object's.
 * @throws AwsFault BadDigest when a digest in the headers is not the body's.
 */
export async function checkDocument(headers: ReadonlyMap<string, string>, body: Uint8Array): Promise<void> {
  const sent = algorithms.filter((algorithm) => headers.has(checksumHeader(algorithm)));
  const md5 = headers.get('content-md5');
  if (sent.length === 0 && md5 === undefined) return;
  const checksums: ChecksumMembers = Object.fromEntries(
    sent.map((algorithm) => [`Checksum${algorithm}`, headers.get(checksumHeader(algorithm))]),
  );
  const integrity = checkIntegrity({ ...checksums, ContentMD5: md5 }, { trailer: undefined });
  for (const sink of integrity.sinks) sink.update(body);
  await integrity.finish(new Map());
}

/** Some documents are too dangerous to be followed without a digest of them. @throws AwsFault InvalidRequest. */
export function requireDocumentDigest(headers: ReadonlyMap<string, string>): void {
  const given = headers.has('content-md5') || headers.has('x-amz-trailer');
  if (given || algorithms.some((algorithm) => headers.has(checksumHeader(algorithm)))) return;
  throw invalidRequest('Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
}
