import { invalidRequest } from './errors.ts';
import { algorithms, checksumHeader } from './integrity.ts';

/** Some documents are too dangerous to be read without a digest of them. @throws AwsFault InvalidRequest. */
export function requireDocumentDigest(headers: ReadonlyMap<string, string>): void {
  const given = headers.has('content-md5') || headers.has('x-amz-trailer');
  if (given || algorithms.some((algorithm) => headers.has(checksumHeader(algorithm)))) return;
  throw invalidRequest('Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
}
