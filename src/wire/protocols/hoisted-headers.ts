import { AwsFault } from '../fault.ts';
import type { WireRequest } from '../message.ts';
import { queryParameters } from '../signature/parameters.ts';

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
 * checksums, the source of a copy. A header that is sent as such wins. As in headers, a character stands for a byte.
 * @throws AwsFault InvalidArgument for what no header can hold: it could not be returned, and to SigV2, which signs headers as lines, a
 * line break would make two headers of one.
 */
export function withHoistedHeaders(request: WireRequest): WireRequest {
  if (!/signature=/i.test(request.rawQuery)) return request;
  const parameters = [...queryParameters(request.rawQuery)].map(
    ([name, values]) => [name.toLowerCase(), values] as const,
  );
  const isSigV2 = parameters.some(([name]) => name === 'awsaccesskeyid');
  const headers = parameters.filter(([name]) => name.startsWith('x-amz-') || (isSigV2 && signedBySigV2.has(name)));
  for (const [name, values] of headers) checkHeader(name, values);
  const hoisted = headers.filter(([name]) => !signing.has(name)).map(([name, [value = '']]) => [name, value] as const);
  return hoisted.length === 0 ? request : { ...request, headers: new Map([...hoisted, ...request.headers]) };
}

/** Once, as SigV4 signs two parameters as two, and SigV2 as one. */
function checkHeader(name: string, values: readonly string[]): void {
  const isHeader =
    /^[!#$%&'*+.^_`|~\da-z-]+$/.test(name) && values.every((value) => /^[\t\x20-\x7e\x80-\xff]*$/.test(value));
  if (isHeader && values.length === 1) return;
  throw new AwsFault({
    code: 'InvalidArgument',
    status: 400,
    message: isHeader
      ? 'A header may be given in the query once.'
      : 'A header in the query holds characters that no header can hold.',
    fields: { ArgumentName: name.replace(/[^\x20-\x7e]/g, '?').slice(0, 100) },
  });
}
