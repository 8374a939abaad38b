import type { Bucket } from './buckets.ts';
import { keyTooLong } from './errors.ts';
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

export interface ObjectVersion extends NewVersion {
  readonly bucket: string;
  /** `'null'` where versioning was not on. */
  readonly version: string;
  readonly sequence: number;
  readonly modified: Date;
}

interface Row {
  bucket: string;
  key: string;
  version: string;
  sequence: number;
  modified: number;
  size: number;
  etag: string;
  parts: string;
  headers: string;
  metadata: string;
  checksum: string | null;
  tags: string | null;
}

/** The version that a request without a version id means. */
export function currentVersion(bucket: string, key: string, { store }: S3State): ObjectVersion | undefined {
  const row = store.database.get<Row>('SELECT * FROM objects WHERE bucket = ? AND key = ?', bucket, key);
  return row && fromRow(row);
}

/** One version by its id, wherever it is. */
export function findVersion(
  bucket: string,
  { key, version }: { key: string; version: string },
  state: S3State,
): ObjectVersion | 'delete-marker' | undefined {
  const current = currentVersion(bucket, key, state);
  if (current?.version === version) return current;
  const row = state.store.database.get<Row | DeleteMarkerRow>(
    'SELECT * FROM noncurrent WHERE bucket = ? AND key = ? AND version = ?',
    bucket,
    key,
    version,
  );
  if (row === undefined) return undefined;
  return isDeleteMarker(row) ? 'delete-marker' : fromRow(row);
}

/** Version id of the delete marker that hides a key without a current version. */
export function newestIsDeleted(bucket: string, key: string, { store }: S3State): string | undefined {
  const row = store.database.get<Row | DeleteMarkerRow>(
    'SELECT * FROM noncurrent WHERE bucket = ? AND key = ? ORDER BY sequence DESC LIMIT 1',
    bucket,
    key,
  );
  return row && isDeleteMarker(row) ? row.version : undefined;
}

type DeleteMarkerRow = Omit<Row, 'etag'> & { etag: null };

function isDeleteMarker(row: Row | DeleteMarkerRow): row is DeleteMarkerRow {
  return row.etag === null;
}

function fromRow(row: Row): ObjectVersion {
  return {
    ...row,
    modified: new Date(row.modified),
    parts: (JSON.parse(row.parts) as [string, number][]).map(([id, size]) => ({ id, size })),
    headers: JSON.parse(row.headers),
    metadata: JSON.parse(row.metadata),
    checksum: row.checksum === null ? undefined : JSON.parse(row.checksum),
    tags: row.tags === null ? undefined : JSON.parse(row.tags),
  };
}

/** @throws AwsFault KeyTooLongError. Every other key of UTF-8 is allowed. */
export function checkKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size > 1024) throw keyTooLong(size);
}

/**
 * Makes a version the current one, within the caller's transaction. What was current is kept in a bucket with versioning, and
 * forgotten in one without: its blobs stay until the next collection.
 */
export function putVersion(bucket: Bucket, version: NewVersion, state: S3State): ObjectVersion {
  const { database } = state.store;
  const sequence = nextSequence(state);
  const id = bucket.versioning === 'Enabled' ? newVersionId(state) : 'null';
  retireCurrent(bucket, version.key, state);
  const modified = state.clock.now();
  database.run(
    `INSERT INTO objects (bucket, key, version, sequence, modified, size, etag, parts, headers, metadata, checksum, tags)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    bucket.name,
    version.key,
    id,
    sequence,
    modified.getTime(),
    version.size,
    version.etag,
    JSON.stringify(version.parts.map((part) => [part.id, part.size])),
    JSON.stringify(version.headers),
    JSON.stringify(version.metadata),
    version.checksum ? JSON.stringify(version.checksum) : null,
    version.tags?.length ? JSON.stringify(version.tags) : null,
  );
  for (const { id: blob } of version.parts) {
    database.run('INSERT OR IGNORE INTO blob_uses (blob, owner) VALUES (?, ?)', blob, owner(sequence));
  }
  return { ...version, bucket: bucket.name, version: id, sequence, modified };
}

/** Takes the current version of a key, if there is one, out of the listing. */
function retireCurrent(bucket: Bucket, key: string, state: S3State): void {
  const { database } = state.store;
  const current = database.get<Row>('SELECT * FROM objects WHERE bucket = ? AND key = ?', bucket.name, key);
  // Suspended versioning replaces the null version wherever it is, and keeps the others.
  const replacesNull = bucket.versioning !== 'Enabled';
  if (replacesNull) forgetNullVersion(bucket.name, key, state);
  if (current === undefined) return;
  if (!(replacesNull && current.version === 'null')) {
    database.run('INSERT INTO noncurrent SELECT * FROM objects WHERE bucket = ? AND key = ?', bucket.name, key);
  } else releaseBlobs(current.sequence, state);
  database.run('DELETE FROM objects WHERE bucket = ? AND key = ?', bucket.name, key);
}

function forgetNullVersion(bucket: string, key: string, state: S3State): void {
  const { database } = state.store;
  const old = database.get<Row>(
    "SELECT * FROM noncurrent WHERE bucket = ? AND key = ? AND version = 'null'",
    bucket,
    key,
  );
  if (old === undefined) return;
  releaseBlobs(old.sequence, state);
  database.run('DELETE FROM noncurrent WHERE bucket = ? AND key = ? AND sequence = ?', bucket, key, old.sequence);
}

/** The blobs themselves are removed by the next collection, if nobody else uses them. */
function releaseBlobs(sequence: number, { store }: S3State): void {
  store.database.run('DELETE FROM blob_uses WHERE owner = ?', owner(sequence));
}

function owner(sequence: number): string {
  return `v:${sequence}`;
}

function nextSequence({ store }: S3State): number {
  const row = store.database.get<{ value: number }>('UPDATE sequence SET value = value + 1 RETURNING value');
  return row?.value ?? 0;
}

/** 32 characters that tell nothing, as AWS's. */
function newVersionId({ random }: S3State): string {
  return random(24).toString('base64url');
}
