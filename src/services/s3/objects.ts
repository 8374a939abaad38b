import { invalidArgument, keyTooLong } from './errors.ts';
import type { S3State } from './state.ts';

/** A stretch of an object's bytes: one for a plain upload, one a part for a multipart upload. */
export interface ObjectPart {
  readonly id: string;
  readonly size: number;
}

export interface Checksum {
  readonly algorithm: 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';
  /** Base64; with `-N` at the end for a composite of N parts. */
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
  /** Of a composite: those of the parts, in order. */
  readonly parts?: readonly string[];
}

/** Content headers and such, by the names of PutObject's members. Returned with the object as they were set. */
export type StoredHeaders = Readonly<Record<string, string | number | boolean>>;

export type Tags = readonly (readonly [key: string, value: string])[];

/** What a writer knows of a new version. */
export interface NewVersion {
  readonly key: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly parts: readonly ObjectPart[];
  readonly headers: StoredHeaders;
  readonly metadata: Readonly<Record<string, string>>;
  readonly checksum?: Checksum | undefined;
  readonly tags?: Tags | undefined;
}

/** A place in the history of a key. */
interface Entry {
  readonly bucket: string;
  readonly key: string;
  /** `'null'` where versioning was not on. */
  readonly version: string;
  /** Grows with every write of any object. */
  readonly sequence: number;
  readonly modified: Date;
}

export interface ObjectVersion extends NewVersion, Entry {
  readonly isMarker?: false;
}

/** Hides what came before it. */
export interface DeleteMarker extends Entry {
  readonly isMarker: true;
}

/** A row of `objects` or `noncurrent`; without an ETag a delete marker. */
export interface VersionRow {
  bucket: string;
  key: string;
  version: string;
  sequence: number;
  modified: number;
  size: number;
  etag: string | null;
  parts: string;
  headers: string;
  metadata: string;
  checksum: string | null;
  tags: string | null;
}

/** The version that a request without a version id means. */
export function currentVersion(bucket: string, key: string, { store }: S3State): ObjectVersion | undefined {
  const row = store.database.get<VersionRow>('SELECT * FROM objects WHERE bucket = ? AND key = ?', bucket, key);
  return row && (fromRow(row) as ObjectVersion);
}

/** One version by its id, wherever it is. @throws AwsFault InvalidArgument for what can be no version id. */
export function findVersion(
  bucket: string,
  { key, version }: { key: string; version: string },
  { store }: S3State,
): ObjectVersion | DeleteMarker | undefined {
  checkVersionId(version);
  const row = versionRow(bucket, { key, version }, store);
  return row && fromRow(row);
}

export function versionRow(
  bucket: string,
  { key, version }: { key: string; version: string },
  { database }: S3State['store'],
): VersionRow | undefined {
  return (
    database.get<VersionRow>(
      'SELECT * FROM objects WHERE bucket = ? AND key = ? AND version = ?',
      bucket,
      key,
      version,
    ) ??
    database.get<VersionRow>(
      'SELECT * FROM noncurrent WHERE bucket = ? AND key = ? AND version = ?',
      bucket,
      key,
      version,
    )
  );
}

/** The delete marker that hides a key without a current version. */
export function hidingMarker(bucket: string, key: string, { store }: S3State): DeleteMarker | undefined {
  const row = store.database.get<VersionRow>(
    'SELECT * FROM noncurrent WHERE bucket = ? AND key = ? ORDER BY sequence DESC LIMIT 1',
    bucket,
    key,
  );
  const newest = row && fromRow(row);
  return newest?.isMarker ? newest : undefined;
}

function fromRow(row: VersionRow): ObjectVersion | DeleteMarker {
  const { bucket, key, version, sequence, size, etag } = row;
  const modified = new Date(row.modified);
  if (etag === null) return { bucket, key, version, sequence, modified, isMarker: true };
  return {
    ...{ bucket, key, version, sequence, modified, size, etag },
    parts: (JSON.parse(row.parts) as [string, number][]).map(([id, bytes]) => ({ id, size: bytes })),
    headers: JSON.parse(row.headers),
    metadata: JSON.parse(row.metadata),
    checksum: row.checksum === null ? undefined : JSON.parse(row.checksum),
    tags: row.tags === null ? undefined : JSON.parse(row.tags),
  };
}

/** A copy of a multipart object has its blobs and yet is one part: only the ETag tells how an object was made. */
export function isMultipart({ etag }: { readonly etag: string }): boolean {
  return etag.includes('-');
}

/** @throws AwsFault KeyTooLongError. Every other key of UTF-8 is allowed. */
export function checkKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size > 1024) throw keyTooLong(size);
}

/** Ids are `null` or those of versions.ts. */
function checkVersionId(version: string): void {
  if (version === '') throw invalidArgument('Version id cannot be the empty string', 'versionId', version);
  if (version !== 'null' && !/^[A-Za-z0-9_-]{32}$/.test(version)) {
    throw invalidArgument('Invalid version id specified', 'versionId', version);
  }
}
