import type { BlobId, IsReferenced } from './blobs.ts';
import type { Database } from './database.ts';

/**
 * The query that all services together declare, from the database itself: so tables of a service that this Whippet does not know
 * keep their blobs too.
 * @returns undefined where no service declares one.
 */
export function referencesQuery(database: Database): string | undefined {
  const rows = database.all<{ query: string }>(
    'SELECT blob_references AS query FROM schema_versions WHERE blob_references IS NOT NULL ORDER BY name',
  );
  return rows.length === 0 ? undefined : rows.map(({ query }) => `SELECT id FROM (${query})`).join(' UNION ALL ');
}

/** Blobs joined into one file of another: see materialise.ts. */
const joined = 'SELECT blob AS id FROM joined_blobs';

/** @throws TypeError where nothing tells which blobs are needed: taking that for "none" would remove them all. */
export function declaredReferences(database: Database): IsReferenced {
  const query = referencesQuery(database);
  if (query === undefined)
    throw new TypeError('No schema declares blobReferences, so nothing tells which blobs are needed.');
  return askedOf(database, query);
}

/** Adds what the store itself needs to what the services do. */
export function withJoined(database: Database, isReferenced: IsReferenced): IsReferenced {
  const isJoined = askedOf(database, joined);
  return (ids) => new Set([...isReferenced(ids), ...isJoined(ids)]);
}

function askedOf(database: Database, query: string): IsReferenced {
  const sql = `SELECT DISTINCT id FROM (${query}) WHERE id IN (SELECT value FROM json_each(?))`;
  return (ids) => new Set(database.all<{ id: BlobId }>(sql, JSON.stringify(ids)).map(({ id }) => id));
}
