/**
 * One page of a bucket's entries in the order of their keys: what ListObjects and ListObjectVersions have in common. With a delimiter,
 * all keys that share a beginning up to it are one entry, and the rest of them is sought past, not read: a page costs what it shows,
 * whatever lies below.
 */
import { afterPrefix, compareKeys } from './key-order.ts';

export interface ListingRequest {
  readonly bucket: string;
  readonly prefix: string;
  /** Empty: none. */
  readonly delimiter: string;
  /** The page begins after it. */
  readonly after?: ListingPosition | undefined;
  /** Rows and common prefixes together. */
  readonly limit: number;
}

export type ListingPosition =
  | {
      readonly kind: 'key';
      readonly text: string;
      /** Within the key, after the version of this sequence (Infinity: before all of them); without it after the whole key. */
      readonly sequence?: number | undefined;
    }
  /** After all keys of a common prefix. */
  | { readonly kind: 'prefix'; readonly text: string };

/** Keys from here on, in order; of this key itself only what is named. */
export interface Bound {
  readonly key: string;
  /** All of it, none of it, or what is older than the version of this sequence. */
  readonly rest: 'all' | 'none' | { readonly below: number };
}

export interface KeyRow {
  readonly key: string;
  /** Where a key may have several rows: newest first. */
  readonly sequence?: number;
}

/**
 * At most so many rows whose keys have the prefix. `count` is a power of two, to be written into the statement: with a bound LIMIT,
 * SQLite takes 11 µs to find a row instead of 4, and other numbers would make too many statements.
 */
export type ReadRows<Row> = (from: Bound, count: number) => readonly Row[];

export interface ListingPage<Row> {
  readonly rows: readonly Row[];
  readonly prefixes: readonly string[];
  /** What the page ends with when there is more; undefined when this was the last. */
  readonly next: ListingPosition | undefined;
}

export function readPage<Row extends KeyRow>(request: ListingRequest, read: ReadRows<Row>): ListingPage<Row> {
  const { prefix, delimiter, limit } = request;
  const rows: Row[] = [];
  const prefixes: string[] = [];
  let next: ListingPosition | undefined;
  let from = limit > 0 ? firstBound(request) : undefined;
  // One row more than fits tells that there is a next page.
  const most = powerOfTwo(limit + 1);
  let count = delimiter === '' ? most : 1;
  while (from !== undefined) {
    const batch = read(from, count);
    let group: string | undefined;
    let passed = 0;
    for (const row of batch) {
      if (group !== undefined && row.key.startsWith(group)) {
        passed++;
        continue;
      }
      if (rows.length + prefixes.length === limit) return { rows, prefixes, next };
      group = delimiter === '' ? undefined : commonPrefix(row.key, prefix, delimiter);
      if (group === undefined) rows.push(row);
      else prefixes.push(group);
      next = group === undefined ? positionOf(row) : { kind: 'prefix', text: group };
    }
    from = batch.length < count || next === undefined ? undefined : boundAfter(next, prefix);
    // Where rows were read for nothing a prefix holds many: one row is enough to see the next. Else ever more at once.
    count = passed > 0 ? 1 : Math.min(count * 2, most);
  }
  return { rows, prefixes, next: undefined };
}

function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(least));
}

function positionOf({ key, sequence }: KeyRow): ListingPosition {
  return { kind: 'key', text: key, sequence };
}

function firstBound({ prefix, after }: ListingRequest): Bound | undefined {
  return after === undefined ? { key: prefix, rest: 'all' } : boundAfter(after, prefix);
}

/** Never before the prefix itself. */
function boundAfter(position: ListingPosition, prefix: string): Bound | undefined {
  const bound = position.kind === 'key' ? afterKey(position) : afterGroup(position.text);
  return bound && compareKeys(bound.key, prefix) < 0 ? { key: prefix, rest: 'all' } : bound;
}

function afterKey({ text, sequence }: ListingPosition & { kind: 'key' }): Bound {
  if (sequence === undefined) return { key: text, rest: 'none' };
  return { key: text, rest: Number.isFinite(sequence) ? { below: sequence } : 'all' };
}

function afterGroup(group: string): Bound | undefined {
  const key = afterPrefix(group);
  return key === undefined ? undefined : { key, rest: 'all' };
}

/** Up to the end of the first delimiter that follows the prefix. */
export function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  if (!key.startsWith(prefix)) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

/** What a marker stands for. One that lies below a common prefix stands for all of it: the page before has shown the prefix. */
export function markerPosition(
  marker: string,
  { prefix, delimiter }: { prefix: string; delimiter: string },
): ListingPosition {
  const group = delimiter === '' ? undefined : commonPrefix(marker, prefix, delimiter);
  return group === undefined ? { kind: 'key', text: marker } : { kind: 'prefix', text: group };
}
