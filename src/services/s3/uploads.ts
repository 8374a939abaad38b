/** Multipart uploads under way. https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html */
import type { Bucket } from './buckets.ts';
import { noSuchUpload } from './errors.ts';
import type { Checksum, NewVersion, ObjectPart } from './objects.ts';
import type { S3State } from './state.ts';
import { nextSequence, tagsColumn } from './versions.ts';

/** How the checksum of the whole is made: a digest of the parts' digests, or that of all bytes. */
export type UploadChecksum = Pick<Checksum, 'algorithm' | 'type'>;

export interface Upload extends Pick<NewVersion, 'key' | 'headers' | 'metadata' | 'tags'> {
  readonly id: string;
  readonly bucket: string;
  readonly initiated: Date;
  /** ARN of who began it. */
  readonly principal: string;
  readonly checksum?: UploadChecksum | undefined;
}

export interface UploadedPart {
  readonly number: number;
  readonly modified: Date;
  readonly blob: ObjectPart;
  /** Without quotes. */
  readonly etag: string;
  readonly checksum?: Checksum | undefined;
}

export interface UploadRow {
  id: string;
  bucket: string;
  key: string;
  initiated: number;
  principal: string;
  headers: string;
  metadata: string;
  checksum: string | null;
  tags: string | null;
}

interface PartRow {
  number: number;
  modified: number;
  size: number;
  etag: string;
  blob: string;
  checksum: string | null;
}

export function beginUpload(upload: Omit<Upload, 'id' | 'initiated'>, state: S3State): Upload {
  const { database } = state.store;
  return database.transaction(() => {
    // The sequence first: listings show the uploads of a key in the order in which they began.
    const id = nextSequence(state).toString(36).padStart(10, '0') + state.random(36).toString('base64url');
    const initiated = state.clock.now();
    database.run(
      `INSERT INTO uploads (id, bucket, key, initiated, principal, headers, metadata, checksum, tags)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, upload.bucket, upload.key, initiated.getTime(), upload.principal],
      JSON.stringify(upload.headers),
      JSON.stringify(upload.metadata),
      upload.checksum ? JSON.stringify(upload.checksum) : null,
      tagsColumn(upload.tags),
    );
    return { ...upload, id, initiated };
  });
}

/** Of operations on one upload. */
export interface UploadInput {
  readonly Key: string;
  readonly UploadId: string;
}

export function findUpload(bucket: Pick<Bucket, 'name'>, input: UploadInput, { store }: S3State): Upload | undefined {
  const { UploadId: id, Key: key } = input;
  const row = store.database.get<UploadRow>('SELECT * FROM uploads WHERE id = ?', id);
  // The id alone would do, but whoever has a right to one key may not reach another with it.
  return row?.bucket === bucket.name && row.key === key ? uploadFromRow(row) : undefined;
}

/** @throws AwsFault NoSuchUpload. */
export function requireUpload(bucket: Pick<Bucket, 'name'>, input: UploadInput, state: S3State): Upload {
  const upload = findUpload(bucket, input, state);
  if (upload === undefined) throw noSuchUpload(input.UploadId);
  return upload;
}

export function uploadFromRow(row: UploadRow): Upload {
  return {
    ...row,
    initiated: new Date(row.initiated),
    headers: JSON.parse(row.headers),
    metadata: JSON.parse(row.metadata),
    checksum: row.checksum === null ? undefined : JSON.parse(row.checksum),
    tags: row.tags === null ? undefined : JSON.parse(row.tags),
  };
}

/** Replaces what was uploaded as that part before. Within the caller's transaction, while the blob is pinned. */
export function putPart(upload: Upload, part: Omit<UploadedPart, 'modified'>, state: S3State): UploadedPart {
  const modified = state.clock.now();
  state.store.database.run(
    'INSERT OR REPLACE INTO upload_parts (upload, number, modified, size, etag, blob, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ...[upload.id, part.number, modified.getTime(), part.blob.size, part.etag, part.blob.id],
    part.checksum ? JSON.stringify(part.checksum) : null,
  );
  return { ...part, modified };
}

/** In the order of their numbers, those after `after` and at most `limit`. */
export function listParts(
  { id }: Upload,
  { after = 0, limit = 10_000 }: { after?: number; limit?: number },
  { store }: S3State,
): UploadedPart[] {
  const rows = store.database.all<PartRow>(
    'SELECT * FROM upload_parts WHERE upload = ? AND number > ? ORDER BY number LIMIT ?',
    id,
    after,
    limit,
  );
  return rows.map(({ number, modified, size, etag, blob, checksum }) => ({
    number,
    modified: new Date(modified),
    blob: { id: blob, size },
    etag,
    checksum: checksum === null ? undefined : JSON.parse(checksum),
  }));
}

/** Its parts' blobs, unless an object uses them by now, go with the next collection. */
export function forgetUpload(id: string, { store: { database } }: S3State): void {
  database.run('DELETE FROM upload_parts WHERE upload = ?', id);
  database.run('DELETE FROM uploads WHERE id = ?', id);
}

/** For a bucket that is deleted: AWS lets uploads that were never completed go with it. */
export function forgetUploads(bucket: string, { store: { database } }: S3State): void {
  database.run('DELETE FROM upload_parts WHERE upload IN (SELECT id FROM uploads WHERE bucket = ?)', bucket);
  database.run('DELETE FROM uploads WHERE bucket = ?', bucket);
  database.run('DELETE FROM completed_uploads WHERE bucket = ?', bucket);
}
