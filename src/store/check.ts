import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { userError } from '../errors/index.ts';
import { statementFault } from './fault.ts';
import { nodeFileSystem } from './file-system.ts';
import { applicationId, formatVersion, type Layout, layoutOf } from './layout.ts';
import { acquireLock } from './lock.ts';
import { createResidence } from './residence.ts';
import { loadSqlite, pragmaNumber } from './sqlite.ts';
import { verifyBlobs } from './verify.ts';

/**
 * `database`: SQLite finds its file inconsistent. `version`: written by a newer Whippet. `missing`, `damaged`, `orphan`: of a blob.
 * `abandoned`: half of a blob, left by a process that ended. `exposed`: other users of the machine may read it.
 */
export interface StoreFinding {
  readonly kind: 'database' | 'version' | 'missing' | 'damaged' | 'orphan' | 'abandoned' | 'exposed';
  /** A blob's id, or a path. */
  readonly subject: string;
  readonly detail: string;
  /** Which copy of a blob is damaged. */
  readonly place?: 'database' | 'file';
  /** Whether repairStore does something about it. What a `damaged` blob held stays lost; it is only put aside. */
  readonly repairable: boolean;
}

export interface StoreReport {
  readonly findings: readonly StoreFinding[];
  /** Version of each service's tables. */
  readonly versions: ReadonlyMap<string, number>;
  /** Bytes free for this user on the disk of the state. */
  readonly freeBytes: number;
}

/**
 * Looks through a state that no server is using; changes nothing in it.
 * @throws WhippetError WHIPPET_STORE_LOCKED, WHIPPET_STORE_DIRECTORY where there is no state, WHIPPET_STORE_NODE
 */
export async function checkStore(directory: string): Promise<StoreReport> {
  return withExclusiveState(directory, (layout) => inspect(directory, layout));
}

/** Runs `work` on an existing state that nobody else is using. @throws as checkStore */
export async function withExclusiveState<T>(directory: string, work: (layout: Layout) => Promise<T>): Promise<T> {
  const layout = layoutOf(directory);
  if ((await nodeFileSystem.size(layout.database)) === undefined) {
    throw userError('WHIPPET_STORE_DIRECTORY', { directory, reason: 'there is no state in it' });
  }
  const lock = await acquireLock(directory, layout);
  try {
    return await work(layout);
  } finally {
    lock.release();
  }
}

export async function inspect(directory: string, layout: Layout): Promise<StoreReport> {
  const findings: StoreFinding[] = [];
  for await (const finding of exposedFiles(directory)) findings.push(finding);
  for await (const finding of abandonedFiles(layout)) findings.push(finding);
  const versions = new Map<string, number>();
  try {
    for await (const finding of inDatabase(layout, versions)) findings.push(finding);
  } catch (error) {
    const { message } = statementFault(error) as Error;
    findings.push({ kind: 'database', subject: layout.database, detail: message, repairable: false });
  }
  const { bavail, bsize } = await statfs(directory);
  return { findings, versions, freeBytes: bavail * bsize };
}

/** Files that only their owner should read: keys are among them. What an instance works on has modes of its own. */
export async function* exposedFiles(directory: string): AsyncGenerator<StoreFinding> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (!entry.isFile() || ((await stat(path)).mode & 0o077) === 0) continue;
    yield { kind: 'exposed', subject: path, detail: 'other users may read or write it', repairable: true };
  }
}

async function* abandonedFiles({ incoming }: Layout): AsyncGenerator<StoreFinding> {
  for (const name of await readdir(incoming)) {
    yield { kind: 'abandoned', subject: join(incoming, name), detail: 'an upload that never ended', repairable: true };
  }
}

async function* inDatabase(layout: Layout, versions: Map<string, number>): AsyncGenerator<StoreFinding> {
  const { DatabaseSync } = await loadSqlite();
  const connection = new DatabaseSync(layout.database, { readOnly: true });
  try {
    const problems = integrityProblems(connection);
    // REINDEX heals an index; what else is inconsistent has lost something.
    yield* problems.map((detail): StoreFinding => {
      return { kind: 'database', subject: layout.database, detail, repairable: /index/i.test(detail) };
    });
    const strange = strangeFormat(connection);
    if (strange !== undefined) {
      yield { kind: 'version', subject: layout.database, detail: strange, repairable: false };
      return;
    }
    const residence = createResidence(connection, { layout, files: nodeFileSystem });
    for (const { name, version } of residence.database.all<{ name: string; version: number }>(
      'SELECT name, version FROM schema_versions ORDER BY name',
    )) {
      versions.set(name, version);
    }
    for await (const { id, ...finding } of verifyBlobs(residence)) {
      yield { ...finding, subject: id, repairable: finding.kind !== 'missing' };
    }
  } finally {
    connection.close();
  }
}

/** Up to 100 sentences of SQLite; none where all is well. */
export function integrityProblems(connection: DatabaseSync): string[] {
  const lines = connection
    .prepare('PRAGMA integrity_check(100)')
    .all()
    .map((row) => String(Object.values(row)[0]));
  return lines.filter((line) => line !== 'ok');
}

function strangeFormat(connection: DatabaseSync): string | undefined {
  if (pragmaNumber(connection, 'application_id') !== applicationId) return 'it is the database of another program';
  const version = pragmaNumber(connection, 'user_version');
  return version > formatVersion ? `its format is ${version}, known here is ${formatVersion}` : undefined;
}
