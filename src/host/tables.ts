import type { TableSchema } from '../store/index.ts';

/** Processes that run, or ran when the server before this one was killed. */
const version1 = `
CREATE TABLE instance_processes (
  pid INTEGER PRIMARY KEY,      -- also of the group and the session that the process leads
  name TEXT NOT NULL,
  mark TEXT NOT NULL,           -- value of WHIPPET_INSTANCE in the environment of all that it starts
  identity TEXT NOT NULL        -- tells this process from a later one of the same id
) STRICT;
`;

export const hostTables: TableSchema = { name: 'host', versions: [version1] };
