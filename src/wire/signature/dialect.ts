import type { RequestHead } from '../message.ts';

/** In whose words a signature is refused: S3's, those of the query services, those of the JSON and CBOR services. */
export type Dialect = 's3' | 'query' | 'json';

/** Read off the request, since a malformed signature may not tell its service. */
export function dialectOf({ headers, rawPath, rawQuery }: RequestHead, service?: string): Dialect {
  if (service === 's3') return 's3';
  if (headers.has('x-amz-target') || headers.has('smithy-protocol')) return 'json';
  // curl calls every body a form, those it uploads to S3 as well.
  const type = headers.get('content-type');
  const isForm = rawPath === '/' && type?.startsWith('application/x-www-form-urlencoded') === true;
  if (isForm || /(^|&)Action=/.test(rawQuery)) return 'query';
  return service === undefined ? 's3' : 'query';
}
