import type { DatabaseSync } from 'node:sqlite';
import type { BlobId } from './blobs.ts';
import type { Passenger } from './database.ts';

/** Blobs held in the database itself: they are written by the commit of the row that refers to them, with one sync instead of three. */
export interface SmallBlobs {
  readonly passenger: Passenger;
  /** Waits in memory for the next commit. */
  stage(id: BlobId, bytes: Uint8Array): void;
  /** Forgets it, if it has not been committed. */
  drop(id: BlobId): void;
  get(id: BlobId): Uint8Array | undefined;
  /** Up to 500 committed ones, by id, after the one given ('' at first). */
  list(after: BlobId): { readonly id: BlobId; readonly size: number }[];
  remove(id: BlobId): void;
}

export function createSmallBlobs(connection: DatabaseSync): SmallBlobs {
  const waiting = new Map<BlobId, Uint8Array>();
  const insert = connection.prepare('INSERT INTO small_blobs (id, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const select = connection.prepare('SELECT bytes FROM small_blobs WHERE id = ?');
  const page = connection.prepare(
    'SELECT id, length(bytes) AS size FROM small_blobs WHERE id > ? ORDER BY id LIMIT 500',
  );
  const erase = connection.prepare('DELETE FROM small_blobs WHERE id = ?');
  return {
    passenger: {
      get isWaiting() {
        return waiting.size > 0;
      },
      board() {
        for (const [id, bytes] of waiting) insert.run(id, bytes);
      },
      arrived() {
        waiting.clear();
      },
    },
    stage: (id, bytes) => void waiting.set(id, bytes),
    drop: (id) => void waiting.delete(id),
    get: (id) => waiting.get(id) ?? (select.get(id)?.bytes as Uint8Array | undefined),
    list: (after) => page.all(after) as never,
    remove: (id) => void erase.run(id),
  };
}
