/** Pages of the uploads under way in a bucket: by key, those of a key in the order in which they began. */
import { afterPrefix } from './key-order.ts';
import { commonPrefix } from './listing.ts';
import type { S3State } from './state.ts';
import { type Upload, type UploadRow, uploadFromRow } from './uploads.ts';

export interface UploadListingRequest {
  readonly bucket: string;
  readonly prefix: string;
  /** Empty: none. */
  readonly delimiter: string;
  /** After all uploads of this key, or with `uploadMarker` after that one. Empty: from the start. */
  readonly keyMarker: string;
  readonly uploadMarker: string;
  /** Uploads and common prefixes together. */
  readonly limit: number;
}

export interface UploadPage {
  readonly uploads: readonly Upload[];
  readonly prefixes: readonly string[];
  /** Markers of the next page; undefined when this was the last. */
  readonly next: { readonly key: string; readonly upload: string } | undefined;
}

export function listUploads(request: UploadListingRequest, state: S3State): UploadPage {
  const { prefix, delimiter, keyMarker, limit } = request;
  const uploads: Upload[] = [];
  const prefixes: string[] = [];
  let next: UploadPage['next'];
  if (limit === 0) return { uploads, prefixes, next };
  // Uploads that a common prefix of the page before stands for are not shown again.
  const shown = delimiter && keyMarker ? commonPrefix(keyMarker, prefix, delimiter) : undefined;
  for (const row of rowsAfter(request, state)) {
    const group = delimiter ? commonPrefix(row.key, prefix, delimiter) : undefined;
    if (group !== undefined && (group === shown || group === prefixes.at(-1))) continue;
    // One entry more than fits tells that there is a next page.
    if (uploads.length + prefixes.length === limit) return { uploads, prefixes, next };
    if (group === undefined) {
      uploads.push(uploadFromRow(row));
      next = { key: row.key, upload: row.id };
    } else {
      prefixes.push(group);
      next = { key: group, upload: '' };
    }
  }
  return { uploads, prefixes, next: undefined };
}

function rowsAfter(request: UploadListingRequest, { store }: S3State): Iterable<UploadRow> {
  const { bucket, prefix, keyMarker, uploadMarker } = request;
  // Every upload id is greater than '' and smaller than '~'.
  const after = uploadMarker === '' ? '~' : uploadMarker;
  const end = afterPrefix(prefix);
  const sql = `SELECT * FROM uploads WHERE bucket = ? AND key >= ? AND (key, id) > (?, ?)`;
  const order = 'ORDER BY key, id';
  return end === undefined
    ? store.database.iterate<UploadRow>(`${sql} ${order}`, bucket, prefix, keyMarker, after)
    : store.database.iterate<UploadRow>(`${sql} AND key < ? ${order}`, bucket, prefix, keyMarker, after, end);
}
