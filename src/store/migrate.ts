import { open, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { userError } from '../errors/index.ts';
import { undo } from './database.ts';
import { applicationId, formatVersion, type Layout } from './layout.ts';
import type { TableSchema } from './schema.ts';
import { pragmaNumber } from './sqlite.ts';

/** The store's own tables. Ids are text, as in the tables that refer to them. */
const ownTables = `
CREATE TABLE schema_versions (
  name TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  blob_references TEXT          -- query for the blobs that these tables refer to
) STRICT, WITHOUT ROWID;

CREATE TABLE small_blobs (id TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;

-- Files made of several blobs: which blob holds the bytes of these parts.
CREATE TABLE joined_blobs (
  parts TEXT PRIMARY KEY,       -- JSON: [blob id, …] in order
  blob TEXT NOT NULL
) STRICT;
CREATE INDEX joined_blobs_blob ON joined_blobs (blob);

PRAGMA application_id = ${applicationId};
PRAGMA user_version = ${formatVersion};
`;

export interface MigrateOptions {
  readonly directory: string;
  readonly layout: Layout;
  readonly schemas: readonly TableSchema[];
  readonly now: () => Date;
}

/**
 * Brings the tables to the versions that the code knows, all in one transaction. Before existing tables change, the database is copied.
 * @throws WHIPPET_STORE_NEWER; the database is then as it was.
 */
export async function migrate(connection: DatabaseSync, options: MigrateOptions): Promise<void> {
  const { schemas } = options;
  const names = schemas.map(({ name }) => name);
  if (new Set(names).size < names.length) throw new TypeError(`Schemas have the same name: ${names.join(', ')}.`);
  const isNew = isEmpty(connection);
  const found = isNew ? new Map<string, number>() : foundVersions(connection);
  for (const { name, versions } of schemas) refuseNewer(`"${name}"`, found.get(name) ?? 0, versions.length, options);
  const changes = schemas.some(({ name, versions }) => (found.get(name) ?? versions.length) < versions.length);
  if (changes) await copyDatabase(connection, options);
  connection.exec('BEGIN IMMEDIATE');
  try {
    if (isNew) connection.exec(ownTables);
    for (const schema of schemas) bringForward(connection, schema, found.get(schema.name) ?? 0);
    connection.exec('COMMIT');
  } catch (error) {
    undo(connection, 'ROLLBACK');
    throw error;
  }
}

/**
 * Before anything is done to a database, even its journal mode set.
 * @throws WHIPPET_STORE_CORRUPT where it is another program's, WHIPPET_STORE_NEWER where its format is not known
 */
export function refuseForeign(connection: DatabaseSync, place: Pick<MigrateOptions, 'directory' | 'layout'>): void {
  if (isEmpty(connection)) return;
  if (pragmaNumber(connection, 'application_id') !== applicationId) {
    const reason = 'it is the database of another program';
    throw userError('WHIPPET_STORE_CORRUPT', { path: place.layout.database, reason });
  }
  refuseNewer('its format', pragmaNumber(connection, 'user_version'), formatVersion, place);
}

function isEmpty(connection: DatabaseSync): boolean {
  return connection.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
}

function foundVersions(connection: DatabaseSync): Map<string, number> {
  const rows = connection.prepare('SELECT name, version FROM schema_versions').all();
  return new Map(rows.map(({ name, version }) => [String(name), Number(version)]));
}

function refuseNewer(part: string, found: number, known: number, { directory }: { readonly directory: string }): void {
  if (found > known) throw userError('WHIPPET_STORE_NEWER', { directory, part, found, known });
}

function bringForward(connection: DatabaseSync, { name, versions, blobReferences }: TableSchema, from: number): void {
  for (const script of versions.slice(from)) connection.exec(script);
  connection
    .prepare(
      `INSERT INTO schema_versions (name, version, blob_references) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET version = excluded.version, blob_references = excluded.blob_references
       WHERE version <> excluded.version OR blob_references IS NOT excluded.blob_references`,
    )
    .run(name, BigInt(versions.length), blobReferences ?? null);
}

/** Synced before anything changes. The name sorts by time: state-2026-11-21T07-15-00-000Z.db */
async function copyDatabase(connection: DatabaseSync, { layout, now }: MigrateOptions): Promise<void> {
  const path = join(layout.copies, `state-${now().toISOString().replace(/[:.]/g, '-')}.db`);
  connection.prepare('VACUUM INTO ?').run(path);
  for (const name of [path, dirname(path)]) {
    const handle = await open(name, 'r');
    if (name === path) await handle.chmod(0o600);
    await handle.sync();
    await handle.close();
  }
  await keepNewest(layout.copies);
}

/** Each copy is as large as the database was. */
const keptCopies = 3;

async function keepNewest(folder: string): Promise<void> {
  const copies = (await readdir(folder)).filter((name) => name.startsWith('state-')).sort();
  for (const name of copies.slice(0, -keptCopies)) await rm(join(folder, name));
}
