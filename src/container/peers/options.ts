import type { Dataset, Sample, TrainOptions } from '../../engine/index.ts';
import type { ProfileExchange } from './profile-outlet.ts';

/** The hosts of a job and how they find and know each other. */
export interface PeerHosts {
  /** All of them by name, in any order; the first by code points leads. */
  readonly hosts: readonly string[];
  /** The name of this one. */
  readonly current: string;
  /** What all hosts of this job know and nobody else: hex, at least 32 digits. */
  readonly secret: string;
  /** Where the leader listens, by host name: `unix:/PATH`, `HOST:PORT` or `[IPV6]:PORT`. Without it: its name, on `defaultPort`. */
  readonly addresses?: Readonly<Record<string, string>> | undefined;
  readonly timing?: Partial<PeerTiming> | undefined;
}

/** Milliseconds. */
export interface PeerTiming {
  /** How long the leader waits for the others, and they for the leader, to begin. */
  readonly patience: number;
  /** Between two signs of life on a quiet connection. */
  readonly beat: number;
  /** A peer of which nothing was heard for so long is lost. */
  readonly silence: number;
  /** How long a connection may take to prove who it is. */
  readonly introduction: number;
}

/** The part of a training run that decides which features are needed, and what they are computed with. */
export type SharedWork = Pick<
  TrainOptions,
  | 'dataset'
  | 'backbone'
  | 'views'
  | 'seed'
  | 'workers'
  | 'cacheDirectory'
  | 'baseCacheDirectories'
  | 'onEvent'
  | 'signal'
>;

export interface PeerWork extends SharedWork {
  readonly peers: PeerHosts;
  /** Where the job is profiled: followers tell the leader what they see of their machines. */
  readonly profile?: ProfileExchange | undefined;
}

/** What the leader has once every feature is in its cache. Spread `forTrain` over the options of `train`, which then computes none. */
export interface LedExtraction {
  readonly dataset: Dataset;
  readonly forTrain: {
    readonly source: Dataset;
    readonly pictureBytes: (sample: Sample) => Promise<Uint8Array>;
    readonly knownRefusals: NonNullable<TrainOptions['knownRefusals']>;
  };
  /** Aborted with WHIPPET_PEERS_LOST as its reason when a host is lost before it was released. */
  readonly lost: AbortSignal;
  /** Lets the other hosts go, with success or with the reason of a failure, and closes all connections. Call it in any case. */
  release(outcome: { readonly ok: true } | { readonly ok: false; readonly reason: string }): Promise<void>;
}

/** Where nothing else is said, a leader listens here. The containers of a job share a network of their own. */
export const defaultPort = 7411;
