/** Pages of a bucket's versions and delete markers: by key, and within a key from the newest to the oldest. */
import { afterPrefix } from './key-order.ts';
import { type Bound, type ListingPage, type ListingRequest, readPage } from './listing.ts';
import type { S3State } from './state.ts';

export interface ListedVersion {
  readonly key: string;
  readonly version: string;
  readonly sequence: number;
  readonly size: number;
  /** Null: a delete marker. */
  readonly etag: string | null;
  readonly modified: number;
  readonly checksum: string | null;
  readonly headers: string;
  readonly isLatest: boolean;
}

type VersionRow = Omit<ListedVersion, 'isLatest'>;

export function listVersions(request: ListingRequest, { store }: S3State): ListingPage<ListedVersion> {
  const { bucket, prefix, after } = request;
  const end = afterPrefix(prefix);
  const read = (from: Bound, count: number): readonly VersionRow[] => {
    const older = typeof from.rest === 'object' ? olderVersions(from.key, from.rest.below, count) : [];
    return older.length === count ? older : [...older, ...followingVersions(from, count)].slice(0, count);
  };
  // What is older than a sequence is in `noncurrent`: `objects` has the newest.
  const olderVersions = (key: string, sequence: number, count: number): VersionRow[] =>
    store.database.all<VersionRow>(
      `SELECT ${columns} FROM noncurrent WHERE bucket = ? AND key = ? AND sequence < ? ORDER BY sequence DESC LIMIT ${count}`,
      ...[bucket, key, sequence],
    );
  const followingVersions = ({ key, rest }: Bound, count: number): VersionRow[] => {
    const range = `bucket = ? AND key ${rest === 'all' ? '>=' : '>'} ?${end === undefined ? '' : ' AND key < ?'}`;
    const values = end === undefined ? [bucket, key] : [bucket, key, end];
    return store.database.all<VersionRow>(
      `SELECT ${columns} FROM objects WHERE ${range}
       UNION ALL SELECT ${columns} FROM noncurrent WHERE ${range}
       ORDER BY key, sequence DESC LIMIT ${count}`,
      ...[...values, ...values],
    );
  };
  const page = readPage(request, read);
  // The first row of a key is its newest, unless the page begins in its midst.
  let before = after?.kind === 'key' && Number.isFinite(after.sequence) ? after.text : undefined;
  const rows = page.rows.map((row) => {
    const isLatest = row.key !== before;
    before = row.key;
    return { ...row, isLatest };
  });
  return { ...page, rows };
}

const columns = 'key, version, sequence, size, etag, modified, checksum, headers';
