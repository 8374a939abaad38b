import type { DatabaseSync } from 'node:sqlite';
import type { BlobId } from './blobs.ts';
import { createDatabase, type OpenDatabase } from './database.ts';
import type { FileSystem } from './file-system.ts';
import type { Layout } from './layout.ts';
import { createPins, type Pins } from './pins.ts';
import { createSmallBlobs, type SmallBlobs } from './small-blobs.ts';

/** Where blobs live, and what is going on with them: what writing, reading and collecting share. */
export interface Residence {
  readonly layout: Layout;
  readonly files: FileSystem;
  readonly small: SmallBlobs;
  readonly database: OpenDatabase;
  readonly pins: Pins;
  /** Blobs that are being removed. Whoever brings the same bytes again waits until they are gone. */
  readonly removals: Map<BlobId, Promise<void>>;
  /** Names of the folders of blobs that are on the disk. */
  readonly shards: Set<string>;
  /** Names of the files in `incoming` that this process is writing. */
  readonly incoming: Set<string>;
}

/** On a database whose tables are there. */
export function createResidence(
  connection: DatabaseSync,
  { layout, files }: { readonly layout: Layout; readonly files: FileSystem },
): Residence {
  const small = createSmallBlobs(connection);
  return {
    layout,
    files,
    small,
    database: createDatabase(connection, small.passenger),
    // Nobody is left who would refer to a small blob that was let go before a commit took it.
    pins: createPins((id) => small.drop(id)),
    removals: new Map(),
    shards: new Set(),
    incoming: new Set(),
  };
}
