import type { Predictor } from '../../engine/index.ts';
import type { Lookup } from '../../net/index.ts';
import type { ServingMetrics } from './metrics.ts';

export interface ServeOptions {
  /** Opened by the caller, who closes it after `drain`. */
  readonly predictor: Predictor;
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  /** Path of a Unix socket to listen on instead. Nothing may be there. */
  readonly socketPath?: string;
  /** Pictures that may wait or be worked on; callers beyond get 503. */
  readonly queueLimit?: number;
  readonly requestTimeoutMs?: number;
  readonly maxBodyBytes?: number;
  /** `HOST` or `HOST:PORT` that `{"url": …}` may reach although the address is not public. */
  readonly urlAllow?: readonly string[];
  /** One record per request: no bodies, no queries, no headers. */
  readonly log?: (record: AccessRecord) => void;
  readonly clock?: Clock;
  /** To share with `openPredictor`, so that batches are counted too. */
  readonly metrics?: ServingMetrics;
  /** Name resolution for `{"url": …}`. */
  readonly lookup?: Lookup;
}

export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that is never set back. */
  readonly elapsed: () => number;
}

export interface AccessRecord {
  /** ISO 8601. */
  readonly time: string;
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  /** 499: the caller left before the answer. */
  readonly status: number;
  readonly milliseconds: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Of the error. */
  readonly code?: string;
  /** Stack of a defect. */
  readonly defect?: string;
}

export const serveDefaults = {
  // More would wait longer than callers do: 256 pictures are about 5 s of a ResNet-50 on two cores.
  queueLimit: 256,
  // SageMaker's limit of an invocation.
  requestTimeoutMs: 60_000,
  // SageMaker's limit of a real-time payload.
  maxBodyBytes: 25 * 1024 * 1024,
  // A photo's server that takes longer is not worth a place in the queue.
  fetchTimeoutMs: 10_000,
  headersTimeoutMs: 10_000,
  // Longer than load balancers keep idle connections (60 s), so that it is they who close them.
  keepAliveTimeoutMs: 75_000,
  maxHeaderBytes: 16 * 1024,
  maxConnections: 2048,
  // Bodies of all requests together.
  bodyMemoryBytes: 512 * 1024 * 1024,
  // How long the rest of a refused body is awaited, so that the caller gets to read why.
  lingerMs: 2000,
  // Failures in a row after which /ping says that the server is ill.
  unhealthyAfter: 3,
} as const;

export const systemClock: Clock = { now: Date.now, elapsed: () => performance.now() };
