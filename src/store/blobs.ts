import type { Readable, Writable } from 'node:stream';

/** SHA-256 of the bytes, 64 lower-case hex digits. */
export type BlobId = string;

/** A blob as one piece of something larger. */
export interface Part {
  readonly id: BlobId;
  /** Bytes. */
  readonly size: number;
}

/** A blob that is not collected until `release` is called, however many times. */
export interface WrittenBlob extends Part {
  release(): void;
}

export interface ByteRange {
  /** First byte. */
  readonly start: number;
  /** Past the last byte. */
  readonly end: number;
}

export interface WriteOptions {
  /** Get the same bytes in the same order: an MD5 for an ETag, a CRC. */
  readonly sinks?: readonly { update(chunk: Uint8Array): unknown }[];
}

export interface BlobStream extends Readable {
  /**
   * Instead of reading: writes all bytes to `target` and ends it. Large blobs take half the time of a pipe.
   * @throws as the stream fails, and when the target is closed before; the target is left as it is then.
   */
  sendTo(target: Writable): Promise<void>;
}

/** A file that stays until `release` is called. It is read only: other objects may share it. */
export interface BlobFile {
  readonly path: string;
  release(): void;
}

/** Which of these blobs does somebody still need? Asked within one turn of the event loop with the removal. */
export type IsReferenced = (ids: readonly BlobId[]) => ReadonlySet<BlobId>;

/** Something is wrong with a blob: referred to and absent; other bytes than its name says; or needed by nobody. */
export interface BlobFinding {
  readonly kind: 'missing' | 'damaged' | 'orphan';
  readonly id: BlobId;
  /** Which copy of it, where it is damaged: a small blob that was materialised is in both. */
  readonly place?: 'database' | 'file';
  readonly detail: string;
}

/** Bytes by content. What a row refers to must be a blob that is pinned until that row is committed. */
export interface Blobs {
  /**
   * Takes all bytes of `source` and keeps them. Large blobs are on the disk when it resolves; small ones get there with the next
   * commit, so a row that refers to a blob is never there without it. Chunks must not be written to after they were given.
   * @throws errors of `source` as they are; StoreFault `full` or `io`. Nothing is left behind.
   */
  write(source: AsyncIterable<Uint8Array>, options?: WriteOptions): Promise<WrittenBlob>;
  /**
   * The bytes of the parts one after another, or those of a range of them. Pinned from the call until the stream ends or is
   * destroyed, so call it in the same turn of the event loop as the row was read, and destroy a stream that is not read.
   * The stream fails with StoreFault `missing` or `damaged` where the bytes are not all there.
   */
  read(parts: readonly Part[], range?: ByteRange): BlobStream;
  /** Keeps the parts from collection until the returned function is called. As `read`, in the turn in which the row was read. */
  pin(parts: readonly Part[]): () => void;
  /** One file with the bytes of all parts, made at first need and kept while all of the parts are. */
  materialise(parts: readonly Part[]): Promise<BlobFile>;
  /**
   * Removes what is neither pinned nor referenced, and what other processes left half-written. Without an argument the tables'
   * own `blobReferences` decide.
   * @returns blobs removed and their bytes.
   */
  collect(isReferenced?: IsReferenced): Promise<{ removed: number; bytes: number }>;
  /** Reads every blob. */
  verify(): AsyncIterable<BlobFinding>;
}
