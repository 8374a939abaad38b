import type { Backbone } from '../backbone/backbone.ts';
import type { Sample } from '../dataset/dataset.ts';
import type { Listener } from '../events.ts';
import type { PictureFacts, View } from '../image/picture.ts';
import type { ErrorJson } from './protocol.ts';

/** Features of many pictures: row r of `data` (float32, row-major, `rows × dimension`). */
export interface FeatureMatrix {
  readonly rows: number;
  readonly dimension: number;
  readonly data: Float32Array;
}

/** Rows of `features` come in the order of `samples` (only those that decoded), `views` rows for each. */
export interface ExtractedFeatures {
  readonly samples: readonly Sample[];
  /** One for each of `samples`. */
  readonly facts: readonly PictureFacts[];
  readonly viewsPerSample: number;
  readonly features: FeatureMatrix;
  readonly refused: readonly { readonly sample: Sample; readonly code: string; readonly message: string }[];
  /** How many (picture, view) pairs came from the cache, and how many were computed. Equal files count once. */
  readonly cached: number;
  readonly computed: number;
}

/**
 * The part of a backbone that extraction needs. `modelFile` holds the encoded canonical graph, which every worker opens; a function is
 * called when there is something to compute.
 */
export interface ExtractionBackbone extends Pick<Backbone, 'digest' | 'dimension' | 'preprocessing'> {
  readonly modelFile: string | (() => Promise<string>);
}

export interface ExtractionOptions {
  readonly backbone: ExtractionBackbone;
  /** Rows per sample, in this order. */
  readonly views: readonly View[];
  /** Worker processes, each with a single-threaded session: as many as there are cores to use. */
  readonly workers: number;
  readonly cacheDirectory: string;
  /**
   * Caches of others, looked into for what `cacheDirectory` has not, in this order. They are only read: one that is missing is no error,
   * damaged segments in them count as absent.
   */
  readonly baseCacheDirectories?: readonly string[] | undefined;
  /** Pictures known to be of no use, by digest (hex): they are refused and not tried. */
  readonly knownRefusals?: ReadonlyMap<string, ErrorJson> | undefined;
  /** Bytes of disk that all cached features together may take; the segments not used for longest go first. Default 4 GiB. */
  readonly cacheLimitBytes?: number | undefined;
  readonly onEvent?: Listener | undefined;
  /** Aborting ends the workers at once; what they had finished is in the cache. */
  readonly signal?: AbortSignal | undefined;
  /** Throw at the first picture that cannot be used instead of skipping it. Default false. */
  readonly strict?: boolean | undefined;
}
