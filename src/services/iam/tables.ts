import type { TableSchema } from '../../store/index.ts';

/** IAM is global: rows are keyed by account. Names are compared without case, as IAM does, and returned as they were given. */
const version1 = `
CREATE TABLE roles (
  account TEXT NOT NULL,
  name TEXT NOT NULL COLLATE NOCASE,
  id TEXT NOT NULL,             -- AROA…
  path TEXT NOT NULL,
  arn TEXT NOT NULL,
  trust_policy TEXT NOT NULL,
  description TEXT,
  max_session_duration INTEGER NOT NULL,   -- seconds
  created INTEGER NOT NULL,     -- milliseconds since 1970, as all times here
  last_used INTEGER,
  last_used_region TEXT,
  tags TEXT NOT NULL,           -- JSON: [[key, value], …]
  PRIMARY KEY (account, name)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX roles_arn ON roles (arn);

CREATE TABLE role_policies (
  account TEXT NOT NULL,
  role TEXT NOT NULL COLLATE NOCASE,
  name TEXT NOT NULL COLLATE NOCASE,
  document TEXT NOT NULL,
  PRIMARY KEY (account, role, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE policies (
  arn TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  name TEXT NOT NULL COLLATE NOCASE,
  id TEXT NOT NULL,             -- ANPA…
  path TEXT NOT NULL,
  description TEXT,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  default_version TEXT NOT NULL,
  tags TEXT NOT NULL,
  UNIQUE (account, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE policy_versions (
  policy TEXT NOT NULL,
  version TEXT NOT NULL,        -- v1, v2, …
  document TEXT NOT NULL,
  created INTEGER NOT NULL,
  PRIMARY KEY (policy, version)
) STRICT, WITHOUT ROWID;

-- The policy is one of ours or one that AWS manages.
CREATE TABLE attachments (
  account TEXT NOT NULL,
  role TEXT NOT NULL COLLATE NOCASE,
  policy TEXT NOT NULL,
  attached INTEGER NOT NULL,
  PRIMARY KEY (account, role, policy)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachments_policy ON attachments (policy);
`;

export const iamTables: TableSchema = { name: 'iam', versions: [version1] };
