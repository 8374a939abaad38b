import { join } from 'node:path';
import type { BlobId } from './blobs.ts';

/** Version of the folder's layout and of the store's own tables, kept as the database's user_version. */
export const formatVersion = 1;

/** Marks the database as ours: "WHPT". https://www.sqlite.org/pragma.html#pragma_application_id */
export const applicationId = 0x57485054;

export interface Layout {
  readonly database: string;
  /** Locked while the state is in use. Nothing is ever written to it. */
  readonly lock: string;
  /** Says who holds the lock, for messages. */
  readonly occupant: string;
  /** Where the server says how it is reached; read for messages only. */
  readonly discovery: string;
  /** Copies of the database from before migrations. */
  readonly copies: string;
  readonly blobs: string;
  /** Blobs being written. On the same file system as the blobs, so that renaming moves no bytes. */
  readonly incoming: string;
  /** Blobs whose bytes are not what they were, put aside by repair. */
  readonly damaged: string;
}

export function layoutOf(directory: string): Layout {
  const blobs = join(directory, 'blobs');
  return {
    database: join(directory, 'state.db'),
    lock: join(directory, 'lock.db'),
    occupant: join(directory, 'lock.json'),
    discovery: join(directory, 'server.json'),
    copies: join(directory, 'copies'),
    blobs,
    incoming: join(blobs, 'incoming'),
    damaged: join(directory, 'damaged'),
  };
}

/** Names of the folders that blobs are in: up to 256, as folders with a million entries make tools slow. */
export function isShard(name: string): boolean {
  return /^[0-9a-f]{2}$/.test(name);
}

export function shardOf(layout: Layout, id: BlobId): string {
  return join(layout.blobs, id.slice(0, 2));
}

export function blobPath(layout: Layout, id: BlobId): string {
  return join(layout.blobs, id.slice(0, 2), id.slice(2));
}
