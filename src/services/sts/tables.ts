import type { TableSchema } from '../../store/index.ts';

/** Temporary credentials that were given out. Rows go when they have expired. */
const version1 = `
CREATE TABLE sessions (
  access_key_id TEXT PRIMARY KEY,
  secret_access_key TEXT NOT NULL,
  session_token TEXT NOT NULL,
  expires INTEGER NOT NULL,     -- milliseconds since 1970
  principal TEXT NOT NULL       -- JSON: Principal, issuedAt in ISO 8601
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_expires ON sessions (expires);
`;

export const stsTables: TableSchema = { name: 'sts', versions: [version1] };
