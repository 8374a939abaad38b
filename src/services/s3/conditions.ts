/** Conditional requests. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html and RFC 9110, 13.2.2. */
import { headerNotImplemented, noSuchKey, notModified, preconditionFailed } from './errors.ts';
import type { ObjectVersion } from './objects.ts';

export interface ReadConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

type Conditional = Pick<ObjectVersion, 'etag' | 'modified'>;

/**
 * The first condition that does not hold. An ETag that was compared makes the date beside it irrelevant. A date in the future says
 * nothing of what was modified since: S3 ignores it, as the RFC advises.
 */
function failedCondition(conditions: ReadConditions, { etag, modified }: Conditional, now: Date) {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  // HTTP dates have whole seconds.
  const seconds = Math.floor(modified.getTime() / 1000) * 1000;
  if (IfMatch !== undefined) {
    if (!matches(IfMatch, etag)) return 'If-Match';
  } else if (IfUnmodifiedSince && seconds > IfUnmodifiedSince.getTime()) return 'If-Unmodified-Since';
  if (IfNoneMatch !== undefined) {
    if (matches(IfNoneMatch, etag)) return 'If-None-Match';
  } else if (IfModifiedSince && seconds <= IfModifiedSince.getTime() && IfModifiedSince <= now) {
    return 'If-Modified-Since';
  }
  return undefined;
}

/** @throws AwsFault 412 PreconditionFailed, 304. */
export function checkReadConditions(conditions: ReadConditions, version: Conditional, now: Date): void {
  const failed = failedCondition(conditions, version, now);
  if (failed === undefined) return;
  if (failed === 'If-Match' || failed === 'If-Unmodified-Since') throw preconditionFailed(failed);
  throw notModified({ ETag: `"${version.etag}"`, 'Last-Modified': version.modified.toUTCString() });
}

export interface CopyConditions {
  readonly CopySourceIfMatch?: string | undefined;
  readonly CopySourceIfNoneMatch?: string | undefined;
  readonly CopySourceIfModifiedSince?: Date | undefined;
  readonly CopySourceIfUnmodifiedSince?: Date | undefined;
}

/** @throws AwsFault 412 PreconditionFailed: a copy has no 304. */
export function checkCopyConditions(conditions: CopyConditions, source: Conditional, now: Date): void {
  const failed = failedCondition(
    {
      IfMatch: conditions.CopySourceIfMatch,
      IfNoneMatch: conditions.CopySourceIfNoneMatch,
      IfModifiedSince: conditions.CopySourceIfModifiedSince,
      IfUnmodifiedSince: conditions.CopySourceIfUnmodifiedSince,
    },
    source,
    now,
  );
  if (failed !== undefined) throw preconditionFailed(`x-amz-copy-source-${failed}`);
}

/**
 * Conditional writes: `If-None-Match: *` for a key that must be new, `If-Match: ETAG` for one that must be as it was read.
 * @throws AwsFault 412 PreconditionFailed, 404 NoSuchKey, 501 for values that S3 does not take.
 */
export function checkWriteConditions(
  { IfMatch, IfNoneMatch }: Pick<ReadConditions, 'IfMatch' | 'IfNoneMatch'>,
  key: string,
  current: { readonly etag: string } | undefined,
): void {
  if (IfMatch !== undefined && IfNoneMatch !== undefined) {
    throw headerNotImplemented('If-Match,If-None-Match', 'Multiple conditional request headers present in the request');
  }
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*') throw unacceptable('If-None-Match');
  if (IfMatch !== undefined && unquoted(IfMatch) === '*') throw unacceptable('If-Match');
  if (IfNoneMatch === '*' && current) throw preconditionFailed('If-None-Match');
  if (IfMatch !== undefined) checkDeleteCondition(IfMatch, key, current);
}

/** @throws AwsFault 412 PreconditionFailed, 404 NoSuchKey. */
export function checkDeleteCondition(
  condition: string,
  key: string,
  current: { readonly etag: string } | undefined,
): void {
  if (!current) throw noSuchKey(key);
  if (!matches(condition, current.etag)) throw preconditionFailed('If-Match');
}

function unacceptable(header: string) {
  return headerNotImplemented(header, `We don't accept the provided value of ${header} header for this API`);
}

/** `"etag"`, etag, a list of them, or `*`. */
function matches(header: string, etag: string): boolean {
  return header.split(',').some((item) => item.trim() === '*' || unquoted(item) === etag);
}

/** S3 takes ETags without quotes too. */
function unquoted(tag: string): string {
  return tag.trim().replace(/^W\//, '').replace(/^"|"$/g, '');
}
