import type { RequestHead } from '../message.ts';
import { unescapeBytes } from './canonical.ts';
import type { SigV2Claim } from './claim.ts';
import { queryParameters } from './parameters.ts';

/** Parameters that name another resource or change the answer; the others aren't signed. */
const signedParameters: ReadonlySet<string> = new Set([
  ...[
    'accelerate',
    'acl',
    'analytics',
    'cors',
    'delete',
    'encryption',
    'inventory',
    'lifecycle',
    'location',
    'logging',
  ],
  ...['metrics', 'notification', 'object-lock', 'partNumber', 'policy', 'publicAccessBlock', 'replication'],
  ...['requestPayment', 'restore', 'select', 'select-type', 'tagging', 'torrent', 'uploadId', 'uploads', 'versionId'],
  ...['versioning', 'versions', 'website', 'response-cache-control', 'response-content-disposition'],
  ...['response-content-encoding', 'response-content-language', 'response-content-type', 'response-expires'],
]);

/** https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html#ConstructingTheAuthenticationHeader */
export function stringToSignV2(head: RequestHead, { expires }: SigV2Claim): string {
  const headers = presignedHeaders(head);
  const amz = [...headers].filter(([name]) => name.startsWith('x-amz-')).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    head.method,
    headers.get('content-md5') ?? '',
    headers.get('content-type') ?? '',
    expires,
    ...amz.map(([name, value]) => `${name}:${value}`),
    canonicalResource(head),
  ].join('\n');
}

/** botocore moves the headers that it signs into the query, and S3 reads them there. */
function presignedHeaders({ headers, rawQuery }: RequestHead): ReadonlyMap<string, string> {
  const result = new Map([...headers].map(([name, value]) => [name, value.trim()]));
  for (const [name, values] of queryParameters(rawQuery)) {
    const key = name.toLowerCase();
    const isHeader = key.startsWith('x-amz-') || key === 'content-type' || key === 'content-md5';
    if (isHeader && !result.has(key)) result.set(key, values.join(','));
  }
  return result;
}

/** The path as sent, with the bucket of a virtual host, and those parameters that are signed, with decoded values. */
function canonicalResource({ rawPath, rawQuery, bucket }: RequestHead): string {
  const signed = rawQuery
    .split('&')
    .map((part) => part.split('=', 1).concat(part.includes('=') ? part.slice(part.indexOf('=') + 1) : []))
    .filter(([name]) => signedParameters.has(unescapeBytes(name as string)))
    .sort(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => (value === undefined || value === '' ? name : `${name}=${decode(value)}`));
  const path = bucket === undefined ? rawPath : `/${bucket}${rawPath}`;
  return signed.length === 0 ? path : `${path}?${signed.join('&')}`;
}

function decode(value: string): string {
  return unescapeBytes(value.replaceAll('+', ' '));
}
