import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { isWhippetError, userError } from '../errors/index.ts';
import type { Blobs } from './blobs.ts';
import { type Collected, collectBlobs, removeAbandoned } from './collect.ts';
import type { Database } from './database.ts';
import { fileFault, openingError } from './fault.ts';
import { type FileSystem, nodeFileSystem, withoutSync } from './file-system.ts';
import { isShard, type Layout, layoutOf } from './layout.ts';
import { acquireLock, announceOccupant } from './lock.ts';
import { makeDirectory } from './make-directory.ts';
import { materialise } from './materialise.ts';
import { migrate, refuseForeign } from './migrate.ts';
import { readBlobs } from './read.ts';
import { declaredReferences } from './references.ts';
import { createResidence, type Residence } from './residence.ts';
import type { TableSchema } from './schema.ts';
import { loadSqlite, prepareDatabaseFile } from './sqlite.ts';
import { verifyBlobs } from './verify.ts';
import { writeBlob } from './write.ts';

export interface StoreOptions {
  /** Made, for its owner only, where it is missing. */
  readonly directory: string;
  readonly schemas: readonly TableSchema[];
  /** Where blobs are files. Default: the system's. */
  readonly files?: FileSystem;
  /** `full`: what was acknowledged survives a power loss. `memory`: nothing waits for the disk, for temporary folders. Default full. */
  readonly durability?: 'full' | 'memory';
  /** Names copies made before migrations. Default: the wall clock. */
  readonly now?: () => Date;
}

/** The state of one server. */
export interface Store {
  readonly directory: string;
  readonly database: Database;
  readonly blobs: Blobs;
  /** Nothing may be under way. May be called more than once. */
  close(): Promise<void>;
}

/**
 * Opens the state in a folder, or makes it, and keeps it from others until it is closed.
 * @throws WhippetError WHIPPET_STORE_NODE, WHIPPET_STORE_LOCKED, WHIPPET_STORE_DIRECTORY, WHIPPET_STORE_NEWER, WHIPPET_STORE_CORRUPT
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { directory, durability = 'full' } = options;
  const layout = layoutOf(directory);
  const files =
    durability === 'full' ? (options.files ?? nodeFileSystem) : withoutSync(options.files ?? nodeFileSystem);
  try {
    const made = await makeDirectory(directory);
    const lock = await acquireLock(directory, layout);
    try {
      await announceOccupant(layout);
      await makeFolders(layout, files);
      const connection = await openDatabase(options, layout);
      await syncFolders(files, made ? [layout.blobs, directory, dirname(directory)] : [layout.blobs, directory]);
      return await assemble({ directory, layout, files, connection, release: () => lock.release() });
    } catch (error) {
      lock.release();
      throw error;
    }
  } catch (error) {
    throw openingFailure(error, { path: layout.database, directory });
  }
}

interface Pieces {
  readonly directory: string;
  readonly layout: Layout;
  readonly files: FileSystem;
  readonly connection: DatabaseSync;
  readonly release: () => void;
}

async function assemble({ directory, layout, files, connection, release }: Pieces): Promise<Store> {
  const residence = createResidence(connection, { layout, files });
  const { database } = residence;
  for (const name of await files.list(layout.blobs)) if (isShard(name)) residence.shards.add(name);
  await removeAbandoned(residence);
  let open = true;
  return {
    directory,
    database,
    blobs: createBlobs(residence),
    async close() {
      if (!open) return;
      open = false;
      database.close();
      release();
    },
  };
}

function createBlobs(residence: Residence): Blobs {
  let collecting: Promise<unknown> = Promise.resolve();
  return {
    write: (source, options) => writeBlob(residence, source, options),
    read: (parts, range) => readBlobs(residence, parts, range),
    pin: (parts) => {
      const releases = parts.map(({ id }) => residence.pins.pin(id));
      return () => {
        for (const release of releases) release();
      };
    },
    materialise: (parts) => asFault('the joined file', materialise(residence, parts)),
    async collect(isReferenced) {
      const before = collecting;
      const collected = (async (): Promise<Collected> => {
        await before.catch(() => {});
        return collectBlobs(residence, isReferenced ?? declaredReferences(residence.database));
      })();
      collecting = collected;
      return asFault('collection', collected);
    },
    verify: () => verifyBlobs(residence),
  };
}

function asFault<T>(what: string, result: Promise<T>): Promise<T> {
  return result.catch((error: unknown) => {
    throw fileFault(error, what);
  });
}

/** The lock keeps out every other Whippet, so a busy database is somebody looking with another tool: wait a moment for them. */
const busyMilliseconds = 2_000;

async function openDatabase(
  { directory, schemas, durability, now }: StoreOptions,
  layout: Layout,
): Promise<DatabaseSync> {
  const { DatabaseSync } = await loadSqlite();
  await prepareDatabaseFile(layout.database, directory);
  const connection = new DatabaseSync(layout.database);
  try {
    connection.exec(`PRAGMA busy_timeout = ${busyMilliseconds}`);
    refuseForeign(connection, { directory, layout });
    // fullfsync: on macOS a plain fsync leaves the bytes in the drive's memory.
    connection.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${durability === 'memory' ? 'OFF' : 'FULL'};
      PRAGMA fullfsync = ON;
      PRAGMA foreign_keys = ON;
    `);
    await migrate(connection, { directory, layout, schemas, now: now ?? (() => new Date()) });
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

async function makeFolders(layout: Layout, files: FileSystem): Promise<void> {
  for (const folder of [layout.copies, layout.damaged, layout.blobs, layout.incoming]) await files.makeFolder(folder);
}

/** At every start: what a process that was killed has made may be there without being on the disk. */
async function syncFolders(files: FileSystem, folders: readonly string[]): Promise<void> {
  for (const folder of folders) await files.syncFolder(folder);
}

function openingFailure(error: unknown, place: { path: string; directory: string }): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (isWhippetError(error) || syscall === undefined || code === undefined) return openingError(error, place);
  const reasons: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'the operation is not permitted',
    EROFS: 'the disk is read-only',
    ENOSPC: 'the disk is full',
    ENOTDIR: 'a part of its path is not a folder',
    EEXIST: 'there is a file in its place',
    ELOOP: 'a symbolic link is in the place of one of its files',
    EIO: 'the disk reports an error',
    ENOENT: 'no folder can be made there',
  };
  return userError('WHIPPET_STORE_DIRECTORY', { directory: place.directory, reason: reasons[code] ?? code }, error);
}
