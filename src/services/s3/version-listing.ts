/** One page of a bucket's versions and delete markers: by key, and within a key from the newest to the oldest. */
import { afterPrefix } from './key-order.ts';
import { commonPrefix, markerPosition } from './listing.ts';
import type { S3State } from './state.ts';

export interface VersionListingRequest {
  readonly bucket: string;
  readonly prefix: string;
  /** Empty: none. */
  readonly delimiter: string;
  /** Begin after this key or common prefix, or, with a version, after that version of it. */
  readonly keyMarker?: string | undefined;
  readonly versionMarker?: string | undefined;
  /** Versions, markers and common prefixes together. */
  readonly limit: number;
}

export interface ListedVersion {
  readonly key: string;
  readonly version: string;
  readonly size: number;
  /** Null: a delete marker. */
  readonly etag: string | null;
  readonly modified: number;
  readonly checksum: string | null;
  readonly headers: string;
  readonly isLatest: boolean;
}

export interface VersionPage {
  readonly versions: readonly ListedVersion[];
  readonly prefixes: readonly string[];
  /** Where the next page begins; undefined when this was the last. */
  readonly next: { readonly key: string; readonly version?: string } | undefined;
}

export function listVersions(request: VersionListingRequest, state: S3State): VersionPage {
  const { prefix, delimiter, limit } = request;
  const versions: ListedVersion[] = [];
  const prefixes: string[] = [];
  let next: VersionPage['next'];
  if (limit === 0) return { versions, prefixes, next };
  const isFull = (): boolean => versions.length + prefixes.length === limit;
  let key = firstKey(request, state);
  let skip = request.versionMarker !== undefined && key === request.keyMarker ? request.versionMarker : undefined;
  while (key !== undefined) {
    const group = delimiter && commonPrefix(key, prefix, delimiter);
    if (group) {
      if (isFull()) return { versions, prefixes, next };
      prefixes.push(group);
      next = { key: group };
      const past = afterPrefix(group);
      key = past === undefined ? undefined : nextKey(request, { key: past, inclusive: true }, state);
      continue;
    }
    for (const version of versionsOf(request.bucket, key, skip, state)) {
      if (isFull()) return { versions, prefixes, next };
      versions.push(version);
      next = { key, version: version.version };
    }
    skip = undefined;
    key = nextKey(request, { key, inclusive: false }, state);
  }
  return { versions, prefixes, next: undefined };
}

function firstKey(request: VersionListingRequest, state: S3State): string | undefined {
  const { prefix, delimiter, keyMarker, versionMarker } = request;
  if (!keyMarker) return nextKey(request, { key: prefix, inclusive: true }, state);
  const position = markerPosition(keyMarker, { prefix, delimiter });
  if (position.kind === 'prefix') {
    const past = afterPrefix(position.text);
    return past === undefined ? undefined : nextKey(request, { key: past, inclusive: true }, state);
  }
  return nextKey(request, { key: keyMarker, inclusive: versionMarker !== undefined }, state);
}

/** The next key in either table. */
function nextKey(
  { bucket, prefix }: VersionListingRequest,
  { key, inclusive }: { key: string; inclusive: boolean },
  { store }: S3State,
): string | undefined {
  const from = (table: string): string =>
    `SELECT min(key) AS key FROM ${table} WHERE bucket = ? AND key ${inclusive ? '>=' : '>'} ? AND key >= ?`;
  const row = store.database.get<{ key: string | null }>(
    `SELECT min(key) AS key FROM (${from('objects')} UNION ALL ${from('noncurrent')})`,
    ...[bucket, key, prefix],
    ...[bucket, key, prefix],
  );
  return row?.key?.startsWith(prefix) ? row.key : undefined;
}

const columns = 'key, version, size, etag, modified, checksum, headers';

/** Newest first. `after`: only what is older than this version. */
function versionsOf(bucket: string, key: string, after: string | undefined, { store }: S3State): ListedVersion[] {
  const { database } = store;
  const rows = [
    ...database.all<ListedVersion>(`SELECT ${columns} FROM objects WHERE bucket = ? AND key = ?`, bucket, key),
    ...database.all<ListedVersion>(
      `SELECT ${columns} FROM noncurrent WHERE bucket = ? AND key = ? ORDER BY sequence DESC`,
      bucket,
      key,
    ),
  ].map((row, index) => ({ ...row, isLatest: index === 0 }));
  return after === undefined ? rows : rows.slice(rows.findIndex(({ version }) => version === after) + 1);
}
