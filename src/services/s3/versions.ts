/**
 * What writing and deleting do to the history of a key.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
 *
 * `objects` has the newest entry of a key unless that is a delete marker; `noncurrent` has all the others. Every function here works
 * within the caller's transaction. Blobs that nobody uses any more stay until the next collection.
 */
import type { Bucket } from './buckets.ts';
import { findVersion, type NewVersion, type ObjectVersion, type VersionRow, versionRow } from './objects.ts';
import type { S3State } from './state.ts';

/** Makes a version the current one. */
export function putVersion(bucket: Bucket, version: NewVersion, state: S3State): ObjectVersion {
  const { database } = state.store;
  retireCurrent(bucket, version.key, state);
  const entry = newEntry(bucket, version.key, state);
  const parts = JSON.stringify(version.parts.map((part) => [part.id, part.size]));
  database.run(
    `INSERT INTO objects (bucket, key, version, sequence, modified, size, etag, parts, headers, metadata, checksum, tags)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[entry.bucket, entry.key, entry.version, entry.sequence, entry.modified.getTime()],
    version.size,
    version.etag,
    parts,
    JSON.stringify(version.headers),
    JSON.stringify(version.metadata),
    version.checksum ? JSON.stringify(version.checksum) : null,
    tagsColumn(version.tags),
  );
  useBlobs(entry.sequence, version.parts, parts, state);
  return { ...version, ...entry };
}

export function tagsColumn(tags: NewVersion['tags']): string | null {
  return tags?.length ? JSON.stringify(tags) : null;
}

/** What was deleted, in the terms of DeleteObject's answer. */
export interface Deleted {
  /** The version that is gone, or the delete marker that was made. */
  readonly version?: string;
  /** That is a delete marker. */
  readonly isMarker?: true;
}

/** Deletes the current version: for good without versioning, else by hiding it behind a delete marker, made even for a key unheard of. */
export function deleteCurrent(bucket: Bucket, key: string, state: S3State): Deleted {
  retireCurrent(bucket, key, state);
  if (bucket.versioning === null) return {};
  const { sequence, version, modified } = newEntry(bucket, key, state);
  state.store.database.run(
    `INSERT INTO noncurrent (bucket, key, version, sequence, modified, size, etag, parts, headers, metadata)
     VALUES (?, ?, ?, ?, ?, 0, NULL, '[]', '{}', '{}')`,
    bucket.name,
    key,
    version,
    sequence,
    modified.getTime(),
  );
  return { version, isMarker: true };
}

/**
 * Deletes one version for good; what came before it, unless that is a delete marker, becomes current. A version that does not exist
 * is deleted already.
 */
export function deleteVersion(bucket: Bucket, id: { key: string; version: string }, state: S3State): Deleted {
  const found = findVersion(bucket.name, id, state);
  if (found === undefined) return { version: id.version };
  forget(versionRow(bucket.name, id, state.store) as VersionRow, state);
  promoteNewest(bucket.name, id.key, state);
  return found.isMarker ? { version: id.version, isMarker: true } : { version: id.version };
}

/** Makes room for a newer entry: what is current is kept as a version, unless it is the null version and the new entry will be that too. */
function retireCurrent(bucket: Bucket, key: string, state: S3State): void {
  const { database } = state.store;
  if (bucket.versioning !== 'Enabled') {
    const old = versionRow(bucket.name, { key, version: 'null' }, state.store);
    if (old) forget(old, state);
  }
  // A bucket that never had versioning has nothing but null versions.
  if (bucket.versioning === null) return;
  const moved = database.run(
    'INSERT INTO noncurrent SELECT * FROM objects WHERE bucket = ? AND key = ?',
    bucket.name,
    key,
  );
  if (moved.changes > 0) database.run('DELETE FROM objects WHERE bucket = ? AND key = ?', bucket.name, key);
}

function promoteNewest(bucket: string, key: string, { store: { database } }: S3State): void {
  if (database.get('SELECT 1 FROM objects WHERE bucket = ? AND key = ?', bucket, key)) return;
  const newest = database.get<VersionRow>(
    'SELECT * FROM noncurrent WHERE bucket = ? AND key = ? ORDER BY sequence DESC LIMIT 1',
    bucket,
    key,
  );
  if (newest === undefined || newest.etag === null) return;
  const row = 'FROM noncurrent WHERE bucket = ? AND key = ? AND sequence = ?';
  database.run(`INSERT INTO objects SELECT * ${row}`, bucket, key, newest.sequence);
  database.run(`DELETE ${row}`, bucket, key, newest.sequence);
}

function forget({ bucket, key, sequence, parts }: VersionRow, { store: { database } }: S3State): void {
  const inObjects = database.run(
    'DELETE FROM objects WHERE bucket = ? AND key = ? AND sequence = ?',
    bucket,
    key,
    sequence,
  );
  if (inObjects.changes === 0) {
    database.run('DELETE FROM noncurrent WHERE bucket = ? AND key = ? AND sequence = ?', bucket, key, sequence);
  }
  database.run(
    'DELETE FROM blob_uses WHERE version = ? AND blob IN (SELECT value ->> 0 FROM json_each(?))',
    sequence,
    parts,
  );
}

/** `column` is `parts` as JSON. One statement for ten thousand parts; a plain one for the one part that most objects have. */
function useBlobs(sequence: number, parts: NewVersion['parts'], column: string, { store }: S3State): void {
  const [only] = parts;
  if (only && parts.length === 1) {
    store.database.run('INSERT INTO blob_uses (blob, version) VALUES (?, ?)', only.id, sequence);
  } else if (only) {
    store.database.run(
      'INSERT OR IGNORE INTO blob_uses (blob, version) SELECT value ->> 0, ? FROM json_each(?)',
      sequence,
      column,
    );
  }
}

function newEntry(bucket: Bucket, key: string, state: S3State) {
  const version = bucket.versioning === 'Enabled' ? newVersionId(state) : 'null';
  return { bucket: bucket.name, key, version, sequence: nextSequence(state), modified: state.clock.now() };
}

export function nextSequence({ store }: S3State): number {
  const row = store.database.get<{ value: number }>('UPDATE sequence SET value = value + 1 RETURNING value');
  return row?.value ?? 0;
}

/** 32 characters that tell nothing, as AWS's. */
function newVersionId({ random }: S3State): string {
  return random(24).toString('base64url');
}
