/** Times in milliseconds since 1970. */
export const transformTables = `
CREATE TABLE transform_jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  name TEXT NOT NULL COLLATE NOCASE,
  request TEXT NOT NULL,        -- JSON: CreateTransformJob as it was sent, without tags
  model TEXT NOT NULL,          -- JSON: the model as it was then; it may be deleted while it is used
  status TEXT NOT NULL,         -- TransformJobStatus
  failure TEXT,                 -- FailureReason
  created INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  started INTEGER,              -- TransformStartTime
  ended INTEGER,                -- TransformEndTime
  UNIQUE (account, region, name)
) STRICT;
CREATE INDEX transform_jobs_open ON transform_jobs (id) WHERE status IN ('InProgress', 'Stopping');

-- Objects that a job is done with, until it ends: a server that is started again goes on with the others.
CREATE TABLE transformed_objects (
  job INTEGER NOT NULL,
  name TEXT NOT NULL,           -- below the input's prefix
  etag TEXT NOT NULL,           -- of the object as it was read
  problem TEXT,                 -- where there is no result
  PRIMARY KEY (job, name)
) STRICT, WITHOUT ROWID;
`;
