import type { ErrorJson } from '../features/protocol.ts';
import type { PictureFacts, View } from '../image/picture.ts';

/** A picture that somebody has to pass through the backbone, in these views. */
export interface WantedPicture {
  /** SHA-256 of its file, hex. */
  readonly digest: string;
  readonly views: readonly View[];
}

/**
 * What became of it. A refusal holds for the `file` of one host only, for these bytes in this `run`, or for these bytes for `ever`: then
 * its texts have U+FFFC where the picture's name goes.
 */
export type WantedOutcome =
  | { readonly facts: PictureFacts }
  | { readonly refused: ErrorJson; readonly holds: 'file' | 'run' | 'ever' };

export interface ComputedPicture {
  readonly digest: string;
  readonly outcome: WantedOutcome;
  /** The rows of its views one after the other, views × dimension; empty where it was refused. */
  readonly rows: Float32Array;
}
