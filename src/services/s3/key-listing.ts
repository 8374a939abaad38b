/** Pages of a bucket's keys, each with its current version. */
import { createHash } from 'node:crypto';
import { afterPrefix } from './key-order.ts';
import { type Bound, type ListingPage, type ListingRequest, readPage } from './listing.ts';
import type { S3State } from './state.ts';

/** What a listing shows of an object. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** JSON. */
  readonly checksum: string | null;
  /** JSON. */
  readonly headers: string;
}

const columns = 'key, size, etag, modified, checksum, headers';

/** Changes whenever an object below the prefix is made, replaced or deleted: no two versions have the same sequence. */
export function listingDigest(
  { bucket, prefix }: Pick<ListingRequest, 'bucket' | 'prefix'>,
  { store }: S3State,
): string {
  const end = afterPrefix(prefix);
  const range = `bucket = ? AND key >= ?${end === undefined ? '' : ' AND key < ?'}`;
  const found = store.database.get<{ sequences: string | null }>(
    `SELECT group_concat(sequence) AS sequences FROM objects WHERE ${range}`,
    ...[bucket, prefix, ...(end === undefined ? [] : [end])],
  );
  return createHash('sha256')
    .update(found?.sequences ?? '')
    .digest('hex');
}

export function listKeys(request: ListingRequest, { store }: S3State): ListingPage<ListedObject> {
  const { bucket, prefix } = request;
  const end = afterPrefix(prefix);
  return readPage(request, ({ key, rest }: Bound, count) => {
    const from = `SELECT ${columns} FROM objects WHERE bucket = ? AND key ${rest === 'all' ? '>=' : '>'} ?`;
    return end === undefined
      ? store.database.all<ListedObject>(`${from} ORDER BY key LIMIT ${count}`, bucket, key)
      : store.database.all<ListedObject>(`${from} AND key < ? ORDER BY key LIMIT ${count}`, bucket, key, end);
  });
}
