import type { BlobId } from './blobs.ts';
import type { Database } from './database.ts';
import type { FileSystem } from './file-system.ts';
import type { Layout } from './layout.ts';
import type { Pins } from './pins.ts';
import type { SmallBlobs } from './small-blobs.ts';

/** Where blobs live, and what is going on with them: what writing, reading and collecting share. */
export interface Residence {
  readonly layout: Layout;
  readonly files: FileSystem;
  readonly small: SmallBlobs;
  readonly database: Database;
  readonly pins: Pins;
  /** Blobs that are being removed. Whoever brings the same bytes again waits until they are gone. */
  readonly removals: Map<BlobId, Promise<void>>;
  /** Names of the files in `incoming` that this process is writing. */
  readonly incoming: Set<string>;
}
