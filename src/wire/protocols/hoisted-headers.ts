import { parseQuery, type WireRequest } from '../message.ts';

/** Parameters that sign, and are no headers. */
const signing = new Set([
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-signedheaders',
  'x-amz-signature',
  'x-amz-security-token',
  'x-amz-content-sha256',
]);

/** SigV2 signs these two, so boto3 moves them into the URL with the others. */
const signedBySigV2 = new Set(['content-type', 'content-md5']);

/**
 * Whoever presigns a request moves its x-amz-* headers into the query, where S3 reads them as if they were headers: metadata,
 * checksums, the source of a copy. A header that is sent as such wins.
 */
export function withHoistedHeaders(request: WireRequest): WireRequest {
  if (!/signature=/i.test(request.rawQuery)) return request;
  const parameters = parseQuery(request.rawQuery).map(([name, value]) => [name.toLowerCase(), value] as const);
  const isSigV2 = parameters.some(([name]) => name === 'awsaccesskeyid');
  const hoisted = parameters.filter(
    ([name]) => (name.startsWith('x-amz-') && !signing.has(name)) || (isSigV2 && signedBySigV2.has(name)),
  );
  return hoisted.length === 0 ? request : { ...request, headers: new Map([...hoisted, ...request.headers]) };
}
