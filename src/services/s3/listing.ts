/**
 * One page of a bucket's keys. With a delimiter, all keys that share a beginning up to it are one entry, and the rest of them is
 * sought past, never read: a page costs what it shows, whatever lies below.
 */
import { afterPrefix } from './key-order.ts';
import type { S3State } from './state.ts';

export interface ListingRequest {
  readonly bucket: string;
  readonly prefix: string;
  /** Empty: none. */
  readonly delimiter: string;
  /** Where the page begins: after this key, or after all keys of this common prefix. */
  readonly after?: ListingPosition | undefined;
  /** Keys and common prefixes together. */
  readonly limit: number;
}

export interface ListingPosition {
  readonly kind: 'key' | 'prefix';
  readonly text: string;
}

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

export interface ListingPage {
  readonly objects: readonly ListedObject[];
  readonly prefixes: readonly string[];
  /** Where the next page begins; undefined when this was the last. */
  readonly next: ListingPosition | undefined;
}

const columns = 'key, size, etag, modified, checksum, headers';

export function listKeys(request: ListingRequest, state: S3State): ListingPage {
  const { prefix, delimiter, limit } = request;
  const objects: ListedObject[] = [];
  const prefixes: string[] = [];
  let last: ListingPosition | undefined;
  if (limit === 0) return { objects, prefixes, next: undefined };
  let start: Bound | undefined = firstBound(request);
  while (start !== undefined) {
    const from: Bound = start;
    start = undefined;
    for (const row of rowsFrom(from, request, state)) {
      // One entry more than fits tells that there is a next page.
      if (objects.length + prefixes.length === limit) return { objects, prefixes, next: last };
      const group = delimiter && commonPrefix(row.key, prefix, delimiter);
      if (!group) {
        objects.push(row);
        last = { kind: 'key', text: row.key };
        continue;
      }
      prefixes.push(group);
      last = { kind: 'prefix', text: group };
      start = pastPrefix(group);
      break;
    }
  }
  return { objects, prefixes, next: undefined };
}

/** A key to start from, itself included or not. */
interface Bound {
  readonly key: string;
  readonly inclusive: boolean;
}

function firstBound({ prefix, after }: ListingRequest): Bound | undefined {
  if (after === undefined) return { key: prefix, inclusive: true };
  return after.kind === 'prefix' ? pastPrefix(after.text) : { key: after.text, inclusive: false };
}

/** What a marker stands for. One that lies below a common prefix stands for all of it: the page before has shown the prefix. */
export function markerPosition(
  marker: string,
  { prefix, delimiter }: { prefix: string; delimiter: string },
): ListingPosition {
  const group = delimiter === '' ? undefined : commonPrefix(marker, prefix, delimiter);
  return group === undefined ? { kind: 'key', text: marker } : { kind: 'prefix', text: group };
}

function pastPrefix(prefix: string): Bound | undefined {
  const key = afterPrefix(prefix);
  return key === undefined ? undefined : { key, inclusive: true };
}

/** Up to the end of the first delimiter that follows the prefix. */
export function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  if (!key.startsWith(prefix)) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

/** Rows in order, read one by one, so that the caller may stop. Both bounds of the index are used: the start and the prefix's end. */
function rowsFrom(
  { key, inclusive }: Bound,
  { bucket, prefix }: ListingRequest,
  { store }: S3State,
): Iterable<ListedObject> {
  const operator = inclusive ? '>=' : '>';
  const end = afterPrefix(prefix);
  // A start before the prefix would make the range reach over keys that do not have it.
  const lower = `key ${operator} ? AND key >= ?`;
  if (end === undefined) {
    const sql = `SELECT ${columns} FROM objects WHERE bucket = ? AND ${lower} ORDER BY key`;
    return store.database.iterate<ListedObject>(sql, bucket, key, prefix);
  }
  const sql = `SELECT ${columns} FROM objects WHERE bucket = ? AND ${lower} AND key < ? ORDER BY key`;
  return store.database.iterate<ListedObject>(sql, bucket, key, prefix, end);
}
