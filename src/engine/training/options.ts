import type { ProxySettings } from '../../net/index.ts';
import type { Listener } from '../events.ts';
import type { Preprocessing } from '../image/picture.ts';

/** How the pictures are found and split. */
export interface DatasetChoice {
  /** CSV with path, label[, split][, group]. */
  readonly labelsFile?: string | undefined;
  /** Regular expression over file names; pictures with the same match belong together. */
  readonly groupBy?: string | undefined;
}

export interface BackboneChoice {
  /** `resnet50:v1`, `onnx:FILE`, `scatter`. Default: resnet50; scatter for the drawn sample. */
  readonly spec?: string | undefined;
  readonly device?: string | undefined;
  readonly features?: string | undefined;
  readonly weightsFile?: string | undefined;
  readonly preprocessing?: { readonly [K in keyof Preprocessing]?: Preprocessing[K] | undefined } | undefined;
  readonly proxy?: ProxySettings | undefined;
  readonly mirror?: string | undefined;
}

/** What every job over a data set needs. */
export interface WorkOptions {
  /** Extraction processes. */
  readonly workers: number;
  /** Features and weights of this user. */
  readonly cacheDirectory: string;
  /** Stop at the first picture that cannot be used. */
  readonly strict?: boolean | undefined;
  readonly onEvent?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface TrainOptions extends WorkOptions {
  /** Folder of the model; `OUT.tar.gz` is written beside it. */
  readonly out: string;
  readonly dataset?: DatasetChoice | undefined;
  readonly allowLeakage?: boolean | undefined;
  readonly backbone: BackboneChoice;
  /** `center`, `center,flip` or a number of random crops, of training pictures. Default center. */
  readonly views?: string | undefined;
  readonly seed: number;
  /** By founding name, as text; what is absent gets its default. */
  readonly hyperparameters: Readonly<Record<string, string>>;
  /** Look for wrong labels among the training pictures. Default true. */
  readonly audit?: boolean | undefined;
  /** Keep thumbnails and file names in the report and the artifact. Default true. */
  readonly pictures?: boolean | undefined;
}
