import { chmod, copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { exposedFiles, inspect, integrityProblems, type StoreFinding, withExclusiveState } from './check.ts';
import { collectBlobs, removeAbandoned } from './collect.ts';
import { nodeFileSystem } from './file-system.ts';
import { blobPath, type Layout } from './layout.ts';
import { declaredReferences, referencesQuery } from './references.ts';
import { createResidence, type Residence } from './residence.ts';
import { loadSqlite } from './sqlite.ts';

export interface RepairReport {
  /** What was found before and is no longer. */
  readonly repaired: readonly StoreFinding[];
  /** What is found after: a damaged blob that was put aside is now a missing one. */
  readonly remaining: readonly StoreFinding[];
}

/**
 * Repairs what can be without losing anything that is whole: rebuilds indexes (on a database that was copied first), puts damaged blobs
 * aside, so that readers get an error in place of wrong bytes, removes orphans and half-written files, closes files to other users.
 * @throws as checkStore
 */
export async function repairStore(directory: string, now: () => Date): Promise<RepairReport> {
  return withExclusiveState(directory, async (layout) => {
    const before = await inspect(directory, layout);
    for await (const { subject } of exposedFiles(directory)) await chmod(subject, 0o600);
    const isReadable = before.findings.every(
      ({ kind, repairable }) => repairable || !['database', 'version'].includes(kind),
    );
    if (isReadable) await repairContents(layout, before.findings, now);
    const { findings: remaining } = await inspect(directory, layout);
    const left = new Set(remaining.map(keyOf));
    return { repaired: before.findings.filter((finding) => !left.has(keyOf(finding))), remaining };
  });
}

function keyOf({ kind, subject, detail }: StoreFinding): string {
  return JSON.stringify([kind, subject, detail]);
}

async function repairContents(layout: Layout, findings: readonly StoreFinding[], now: () => Date): Promise<void> {
  const { DatabaseSync } = await loadSqlite();
  const connection = new DatabaseSync(layout.database);
  try {
    connection.exec('PRAGMA synchronous = FULL; PRAGMA fullfsync = ON');
    if (findings.some(({ kind }) => kind === 'database')) await rebuildIndexes(connection, layout, now);
    // A table that cannot be read does not tell which blobs it needs, so nothing is removed.
    if (integrityProblems(connection).length > 0) return;
    const residence = createResidence(connection, { layout, files: nodeFileSystem });
    for (const finding of findings) {
      if (finding.kind === 'damaged') await putAside(residence, finding);
    }
    if (referencesQuery(residence.database) === undefined) await removeAbandoned(residence);
    else await collectBlobs(residence, declaredReferences(residence.database));
  } finally {
    connection.close();
  }
}

/** The copy is one of files, as SQLite itself might not read all of a damaged database. */
async function rebuildIndexes(connection: DatabaseSync, { database, copies }: Layout, now: () => Date): Promise<void> {
  connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  await copyFile(database, join(copies, `damaged-${now().toISOString().replace(/[:.]/g, '-')}.db`));
  connection.exec('REINDEX');
}

async function putAside(residence: Residence, { subject: id, place }: StoreFinding): Promise<void> {
  const { small, files, layout, database } = residence;
  const target = join(layout.damaged, id);
  if (place === 'file') return files.rename(blobPath(layout, id), target);
  await writeFile(target, small.get(id)!, { mode: 0o600 });
  database.transaction(() => small.remove(id));
}
