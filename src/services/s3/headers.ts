/** What is stored with an object and returned with it. */
import type { StoredHeaders } from './objects.ts';

/** Members that PutObject, CreateMultipartUpload and CopyObject take and GetObject and HeadObject return. */
const storedMembers = [
  'CacheControl',
  'ContentDisposition',
  'ContentEncoding',
  'ContentLanguage',
  'ContentType',
  'StorageClass',
  'WebsiteRedirectLocation',
] as const;

/** `Expires` is kept as the client wrote it: S3 returns even what is no date. */
const verbatim = 'expires';

type StoredInput = { readonly [Member in (typeof storedMembers)[number]]?: string | undefined };

export function storedHeaders(input: StoredInput, headers: ReadonlyMap<string, string>): StoredHeaders {
  const stored: Record<string, string> = { ContentType: 'binary/octet-stream' };
  for (const member of storedMembers) {
    const value = input[member];
    if (value !== undefined) stored[member] = value;
  }
  // `aws-chunked` describes the transfer, not the object.
  if (stored.ContentEncoding !== undefined) {
    const codings = stored.ContentEncoding.split(',').map((coding) => coding.trim());
    const kept = codings.filter((coding) => coding !== 'aws-chunked' && coding !== '');
    if (kept.length > 0) stored.ContentEncoding = kept.join(',');
    else delete stored.ContentEncoding;
  }
  const expires = headers.get(verbatim);
  if (expires !== undefined) stored.Expires = expires;
  return stored;
}

/** Members of an answer. S3 does not name the class STANDARD. */
export function returnedHeaders(stored: StoredHeaders): StoredHeaders {
  const { StorageClass, ...others } = stored;
  return StorageClass === undefined || StorageClass === 'STANDARD' ? others : stored;
}

/** S3 encrypts every object at rest since 2023 and says so. Here the state folder's own protection stands in for it. */
export const serverSideEncryption = { ServerSideEncryption: 'AES256' } as const;
