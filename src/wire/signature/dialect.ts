import type { RequestHead } from '../message.ts';

/** In whose words a signature is refused: S3's, those of the query services, those of the JSON and CBOR services. */
export type Dialect = 's3' | 'query' | 'json';

/** Read off the request, since a malformed signature may not tell its service. */
export function dialectOf({ headers, rawQuery }: RequestHead, service?: string): Dialect {
  if (service === 's3') return 's3';
  if (headers.has('x-amz-target') || headers.has('smithy-protocol')) return 'json';
  const isForm = headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') === true;
  if (isForm || /(^|&)Action=/.test(rawQuery)) return 'query';
  return service === undefined ? 's3' : 'query';
}
