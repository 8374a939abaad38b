import type { Manifest } from '../artifact/manifest.ts';
import type { PictureFacts } from '../image/picture.ts';

export interface Prediction {
  /** Raw scores by class, in the order of `manifest.labels`. */
  readonly logits: Float32Array;
  /** All classes, most probable first. Probabilities are calibrated and sum to 1. */
  readonly ranked: readonly { readonly label: string; readonly probability: number }[];
  /** How unlike the training pictures this one is: the share (0–100) of held-out pictures that were nearer to them. */
  readonly novelty: number;
  readonly facts: PictureFacts;
}

/**
 * An open model. Decodes on the calling thread, runs ONNX Runtime in one worker; batches are made of what is queued (at most 8),
 * without a timer.
 */
export interface Predictor {
  readonly manifest: Manifest;
  /** Pictures accepted and not yet answered. */
  readonly pending: number;
  /**
   * `source` names the picture in errors. @throws WHIPPET_IMAGE_* for what cannot be decoded.
   */
  predict(bytes: Uint8Array, source: string): Promise<Prediction>;
  close(): Promise<void>;
}
