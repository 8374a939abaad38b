/** Conditional requests. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html and RFC 9110, 13.2.2. */
import { invalidArgument, noSuchKey, notModified, preconditionFailed } from './errors.ts';
import type { ObjectVersion } from './objects.ts';

export interface ReadConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

/** @throws AwsFault 412 PreconditionFailed, 304. */
export function checkReadConditions(conditions: ReadConditions, { etag, modified }: ObjectVersion): void {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  // HTTP dates have whole seconds.
  const seconds = Math.floor(modified.getTime() / 1000) * 1000;
  if (IfMatch !== undefined) {
    if (!matches(IfMatch, etag)) throw preconditionFailed('If-Match');
  } else if (IfUnmodifiedSince && seconds > IfUnmodifiedSince.getTime()) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  const headers = { ETag: `"${etag}"`, 'Last-Modified': modified.toUTCString() };
  if (IfNoneMatch !== undefined) {
    if (matches(IfNoneMatch, etag)) throw notModified(headers);
  } else if (IfModifiedSince && seconds <= IfModifiedSince.getTime()) throw notModified(headers);
}

/**
 * Conditional writes: `If-None-Match: *` for a key that must be new, `If-Match: ETAG` for one that must be as it was read.
 * @throws AwsFault 412 PreconditionFailed, 404 NoSuchKey.
 */
export function checkWriteConditions(
  { IfMatch, IfNoneMatch }: Pick<ReadConditions, 'IfMatch' | 'IfNoneMatch'>,
  key: string,
  current: { readonly etag: string } | undefined,
): void {
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*') {
    throw invalidArgument(
      'A header you provided implies functionality that is not implemented',
      'If-None-Match',
      IfNoneMatch,
    );
  }
  if (IfNoneMatch === '*' && current) throw preconditionFailed('If-None-Match');
  if (IfMatch === undefined) return;
  if (!current) throw noSuchKey(key);
  if (!matches(IfMatch, current.etag)) throw preconditionFailed('If-Match');
}

/** `"etag"`, etag, a list of them, or `*`. */
function matches(header: string, etag: string): boolean {
  return header.split(',').some((item) => {
    const value = item.trim().replace(/^W\//, '').replace(/^"|"$/g, '');
    return value === '*' || value === etag;
  });
}
