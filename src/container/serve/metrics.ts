import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { BatchRecord, Manifest } from '../../engine/index.ts';

export type Route = 'ping' | 'invocations' | 'metrics' | 'other';
export type Stage = 'receive' | 'fetch' | 'predict';

/** What the server counts, in Prometheus' text format at /metrics. */
export interface ServingMetrics {
  /** Told of each batch: `openPredictor(artifact, { onBatch: metrics.batch, … })`. */
  readonly batch: (record: BatchRecord) => void;
  readonly request: (outcome: { route: Route; status: number; seconds: number; code?: string | undefined }) => void;
  readonly stage: (stage: Stage, seconds: number) => void;
  readonly novelty: (percentile: number) => void;
  /** Describes the model and reads the queue's length whenever it is asked. */
  readonly describe: (manifest: Manifest, waiting: () => number) => void;
  readonly render: () => Promise<{ readonly contentType: string; readonly text: string }>;
}

/** From a cached photo on a fast machine to the limit of a minute. */
const latencyBuckets = [0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function servingMetrics(): ServingMetrics {
  const registers = [new Registry()];
  const [register] = registers as [Registry];
  collectDefaultMetrics({ register });
  const requests = new Counter({
    name: 'whippet_requests_total',
    help: 'Requests answered, by route, HTTP status and error code (empty when there was none).',
    labelNames: ['route', 'status', 'code'],
    registers,
  });
  const duration = new Histogram({
    name: 'whippet_request_duration_seconds',
    help: 'From the head of a request to the end of its answer.',
    labelNames: ['route'],
    buckets: latencyBuckets,
    registers,
  });
  const stages = new Histogram({
    name: 'whippet_stage_duration_seconds',
    help: 'Parts of an invocation: receive (body), fetch (url), predict (decode, wait for a batch, run).',
    labelNames: ['stage'],
    buckets: latencyBuckets,
    registers,
  });
  const batchSize = new Histogram({
    name: 'whippet_batch_pictures',
    help: 'Pictures per run of the model.',
    buckets: [1, 2, 3, 4, 5, 6, 7, 8],
    registers,
  });
  const batchDuration = new Histogram({
    name: 'whippet_batch_duration_seconds',
    help: 'One run of the model in ONNX Runtime.',
    buckets: latencyBuckets,
    registers,
  });
  const novelty = new Histogram({
    name: 'whippet_novelty_percentile',
    help: 'How unlike the training pictures the requests are: a shift upwards means that the world has changed.',
    buckets: [10, 25, 50, 75, 90, 95, 99, 100],
    registers,
  });
  return {
    batch: ({ size, milliseconds }) => {
      batchSize.observe(size);
      batchDuration.observe(milliseconds / 1000);
    },
    request: ({ route, status, seconds, code }) => {
      requests.inc({ route, status, code: code ?? '' });
      duration.observe({ route }, seconds);
    },
    stage: (stage, seconds) => stages.observe({ stage }, seconds),
    novelty: (percentile) => novelty.observe(percentile),
    describe: (manifest, waiting) => describe(registers, { manifest, waiting }),
    render: async () => ({ contentType: register.contentType, text: await register.metrics() }),
  };
}

function describe(
  registers: Registry[],
  { manifest, waiting }: { readonly manifest: Manifest; readonly waiting: () => number },
): void {
  const { versions } = manifest;
  new Gauge({
    name: 'whippet_model_info',
    help: 'Always 1; the labels name the model and what it was made with.',
    labelNames: ['digest', 'backbone', 'classes', 'trained_by', 'onnxruntime'],
    registers,
  }).set(
    {
      digest: manifest.digest,
      backbone: manifest.backbone.name,
      classes: manifest.labels.length,
      trained_by: `whippet ${versions.whippet}`,
      onnxruntime: versions.onnxruntime,
    },
    1,
  );
  new Gauge({
    name: 'whippet_queue_pictures',
    help: 'Pictures accepted and not yet answered.',
    registers,
    collect() {
      this.set(waiting());
    },
  });
}
