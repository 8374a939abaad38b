import type { Sample } from '../dataset/dataset.ts';
import type { PictureFacts } from '../image/picture.ts';

/** Features of many pictures: row r of `data` (float32, row-major, `rows × dimension`). */
export interface FeatureMatrix {
  readonly rows: number;
  readonly dimension: number;
  readonly data: Float32Array;
}

/** Rows of `features` come in the order of `samples` (only those that decoded), `views` rows for each. */
export interface ExtractedFeatures {
  readonly samples: readonly Sample[];
  readonly facts: readonly PictureFacts[];
  readonly viewsPerSample: number;
  readonly features: FeatureMatrix;
  readonly refused: readonly { readonly sample: Sample; readonly code: string; readonly message: string }[];
  /** How many (picture, view) pairs came from the cache, and how many were computed. */
  readonly cached: number;
  readonly computed: number;
}
