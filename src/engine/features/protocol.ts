import type { PictureFacts, Preprocessing, View } from '../image/picture.ts';

/** What the parent and its worker processes say to each other (structured clone over IPC). */
export interface Task {
  readonly path: string;
  /** What errors call the picture. */
  readonly name: string;
  /** SHA-256 of the bytes expected at `path`, hex. */
  readonly digest: string;
  readonly views: readonly View[];
}

export interface WorkerSetup {
  readonly modelFile: string;
  readonly dimension: number;
  readonly preprocessing: Preprocessing;
  /** Rows per run of the session. */
  readonly batch: number;
}

export type ToWorker =
  | { readonly type: 'setup'; readonly setup: WorkerSetup }
  | { readonly type: 'unit'; readonly id: number; readonly tasks: readonly Task[] };

export interface ErrorJson {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/**
 * What became of a task. A refusal holds for the `file` only (it cannot be read, or has changed), for all files with these bytes in
 * this `run`, or for these bytes for `ever` (they are no picture): then its texts have `nameMark` where the picture's name goes.
 */
export type Outcome =
  | { readonly facts: PictureFacts }
  | { readonly refused: ErrorJson; readonly holds: 'file' | 'run' | 'ever' };

/** Stands for the name of the picture in what is remembered about it: U+FFFC, the object replacement character. */
export const nameMark = '\u{fffc}';

export type FromWorker =
  | { readonly type: 'ready' }
  /** The worker cannot work at all. */
  | { readonly type: 'failed'; readonly error: ErrorJson }
  | {
      readonly type: 'unit';
      readonly id: number;
      readonly outcomes: readonly Outcome[];
      /** Row-major, the views of all tasks one after the other; rows of refused tasks hold zeros. */
      readonly features: Float32Array;
    };

/** To the thread with the session: `pixels` is a whole batch, NHWC. */
export interface ToThread {
  readonly id: number;
  readonly pixels: Uint8Array<ArrayBuffer>;
}

export type FromThread =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly error: ErrorJson }
  | { readonly type: 'batch'; readonly id: number; readonly features: Float32Array<ArrayBuffer> };
