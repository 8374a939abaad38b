import type { TableSchema } from '../../store/index.ts';

/**
 * `objects` holds what a listing shows: the current version of each key that has one. What was replaced or deleted in a bucket with
 * versioning, delete markers too, is in `noncurrent`, so that no listing walks over it. Keys are compared as UTF-8 bytes, as S3
 * lists them (SQLite's BINARY). `sequence` grows with every write: the newest version of a key has the largest.
 */
const version1 = `
CREATE TABLE buckets (
  name TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  created INTEGER NOT NULL,     -- milliseconds since 1970, as all times here
  versioning TEXT,              -- NULL, Enabled, Suspended
  policy TEXT,
  tags TEXT                     -- JSON: [[key, value], …]
) STRICT, WITHOUT ROWID;

CREATE TABLE objects (
  bucket TEXT NOT NULL,
  key TEXT NOT NULL,
  version TEXT NOT NULL,        -- 'null' where versioning was not on
  sequence INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,           -- without quotes
  parts TEXT NOT NULL,          -- JSON: [[blob id, size], …] in order
  headers TEXT NOT NULL,        -- JSON: ContentType, CacheControl, …
  metadata TEXT NOT NULL,       -- JSON: user metadata
  checksum TEXT,                -- JSON: { algorithm, value, type, parts? }
  tags TEXT,                    -- JSON: [[key, value], …]
  PRIMARY KEY (bucket, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE noncurrent (
  bucket TEXT NOT NULL,
  key TEXT NOT NULL,
  version TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  size INTEGER NOT NULL,
  etag TEXT,                    -- NULL: a delete marker
  parts TEXT NOT NULL,
  headers TEXT NOT NULL,
  metadata TEXT NOT NULL,
  checksum TEXT,
  tags TEXT,
  PRIMARY KEY (bucket, key, sequence DESC)
) STRICT, WITHOUT ROWID;
CREATE INDEX noncurrent_version ON noncurrent (bucket, key, version);

CREATE TABLE uploads (
  id TEXT PRIMARY KEY,          -- in the order in which they began
  bucket TEXT NOT NULL,
  key TEXT NOT NULL,
  initiated INTEGER NOT NULL,
  principal TEXT NOT NULL,      -- ARN of who began it
  headers TEXT NOT NULL,
  metadata TEXT NOT NULL,
  checksum TEXT,                -- JSON: { algorithm, type }
  tags TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX uploads_key ON uploads (bucket, key, id);

CREATE TABLE upload_parts (
  upload TEXT NOT NULL,
  number INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  blob TEXT NOT NULL,
  checksum TEXT,                -- JSON: { algorithm, value, type }
  PRIMARY KEY (upload, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX upload_parts_blob ON upload_parts (blob);

-- A client that did not hear the answer of CompleteMultipartUpload asks again.
CREATE TABLE completed_uploads (
  id TEXT PRIMARY KEY,
  bucket TEXT NOT NULL,
  key TEXT NOT NULL,
  completed INTEGER NOT NULL,
  parts TEXT NOT NULL,          -- digest of the list that was asked for
  answer TEXT NOT NULL          -- JSON
) STRICT, WITHOUT ROWID;

-- Which blobs the versions of objects use: collection asks by blob. Those of uploads are in upload_parts.
CREATE TABLE blob_uses (
  blob TEXT NOT NULL,
  version INTEGER NOT NULL,     -- its sequence
  PRIMARY KEY (blob, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE sequence (id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL) STRICT;
INSERT INTO sequence VALUES (1, 0);
`;

export const s3Tables: TableSchema = {
  name: 's3',
  versions: [version1],
  blobReferences: 'SELECT blob AS id FROM blob_uses UNION ALL SELECT blob AS id FROM upload_parts',
};
