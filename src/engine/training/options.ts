import type { ProxySettings } from '../../net/index.ts';
import type { Dataset, Sample } from '../dataset/dataset.ts';
import type { Listener } from '../events.ts';
import type { CheckpointOptions } from '../head/checkpoint-options.ts';
import type { HeadRecording } from '../head/recording.ts';
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
  /** Weights that are not in the cache are refused, not downloaded. */
  readonly offline?: boolean | undefined;
}

/** Why a picture cannot be used. */
export interface KnownRefusal {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** What every job over a data set needs. */
export interface WorkOptions {
  /** Extraction processes. */
  readonly workers: number;
  /** Features and weights of this user. */
  readonly cacheDirectory: string;
  /** Caches of others where features are looked up too; nothing is written there. One that is missing is no error. */
  readonly baseCacheDirectories?: readonly string[] | undefined;
  /** Pictures that another host holds and found to be of no use, by digest (hex): they are refused as it said, and not tried here. */
  readonly knownRefusals?: ReadonlyMap<string, KnownRefusal> | undefined;
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
  /** A data set that was read already, instead of reading the folder. */
  readonly source?: Dataset | undefined;
  /** The bytes of a picture for thumbnails and the mean of pixels. Default: the file at its path; a rejection leaves the picture out. */
  readonly pictureBytes?: ((sample: Sample) => Promise<Uint8Array>) | undefined;
  /** `none` writes no report and draws no thumbnails. Default full. */
  readonly report?: 'full' | 'none' | undefined;
  /** Write `OUT.tar.gz`. Default true. */
  readonly archive?: boolean | undefined;
  /** What training tells of its steps, epochs and inputs. Default: only `epoch` events. */
  readonly record?: Recording | undefined;
  /** Keep the state of training. An abort that leaves a model writes one too. */
  readonly checkpoints?: CheckpointOptions | undefined;
  /** Aborted with a `StopKind` as reason, it ends training after the epoch at work and the best so far is saved, as that kind. */
  readonly stop?: AbortSignal | undefined;
}

export interface Recording extends HeadRecording {
  /** Over how many training pictures, spread over the classes, the mean of the normalised pixels is taken. Default 0: not at all. */
  readonly pixels?: number | undefined;
}
