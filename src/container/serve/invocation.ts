import type { IncomingMessage } from 'node:http';
import type { Prediction, Predictor } from '../../engine/index.ts';
import { userError } from '../../errors/index.ts';
import { fetchGuarded, type Lookup } from '../../net/index.ts';
import { mediaTypes, negotiate, type Wanted } from './accept.ts';
import { type BodyMemory, checkDeclaredLength, readBody } from './body.ts';
import type { ServingMetrics } from './metrics.ts';
import { type Clock, serveDefaults } from './options.ts';
import { bodyKind, parseJsonPicture } from './picture-source.ts';
import type { Reply } from './status.ts';

export interface InvocationContext {
  readonly predictor: Predictor;
  readonly queueLimit: number;
  readonly maxBodyBytes: number;
  readonly urlAllow: readonly string[];
  readonly lookup: Lookup | undefined;
  readonly memory: BodyMemory;
  readonly metrics: ServingMetrics;
  readonly clock: Clock;
  /** Invocations that hold a place in the queue. */
  readonly queue: { length: number };
}

export interface Invocation {
  readonly request: IncomingMessage;
  readonly query: URLSearchParams;
  /** Aborted when the caller leaves or the time is over. */
  readonly signal: AbortSignal;
  /** Told the size of the body. */
  readonly onBody: (bytes: number) => void;
}

/**
 * One POST /invocations. Everything that can be refused by its head is refused before the body is read.
 * @throws WHIPPET_SERVE_*, WHIPPET_IMAGE_*, WHIPPET_NET_*; see `statusOf`.
 */
export async function invoke(invocation: Invocation, context: InvocationContext): Promise<Reply> {
  const { request, query, signal } = invocation;
  const { predictor, metrics, clock, memory } = context;
  const classes = predictor.manifest.labels.length;
  const wanted = negotiate({ accept: request.headers.accept, query, classes });
  const kind = bodyKind(request.headers);
  checkDeclaredLength(request, context.maxBodyBytes);
  checkQueue(context);
  const timed = async <T>(stage: Parameters<ServingMetrics['stage']>[0], work: () => Promise<T>): Promise<T> => {
    const start = clock.elapsed();
    const result = await work();
    metrics.stage(stage, (clock.elapsed() - start) / 1000);
    return result;
  };
  const body = await timed('receive', () => readBody(request, { maxBytes: context.maxBodyBytes, memory, signal }));
  invocation.onBody(body.length);
  try {
    // Slow bodies hold no place in the queue; so it may have filled meanwhile.
    checkQueue(context);
    context.queue.length += 1;
    try {
      const bytes = await pictureOf(body, { kind, context, signal, timed });
      signal.throwIfAborted();
      const prediction = await timed('predict', () => predictor.predict(bytes, 'The picture'));
      metrics.novelty(prediction.novelty);
      return replyOf(prediction, { wanted, predictor });
    } finally {
      context.queue.length -= 1;
    }
  } finally {
    memory.held -= body.length;
  }
}

function checkQueue({ queue, queueLimit }: InvocationContext): void {
  if (queue.length >= queueLimit) throw userError('WHIPPET_SERVE_BUSY', { limit: queueLimit });
}

interface PictureRoute {
  readonly kind: 'bytes' | 'json';
  readonly context: InvocationContext;
  readonly signal: AbortSignal;
  readonly timed: <T>(stage: 'fetch', work: () => Promise<T>) => Promise<T>;
}

async function pictureOf(body: Buffer, { kind, context, signal, timed }: PictureRoute): Promise<Uint8Array> {
  if (body.length === 0) throw userError('WHIPPET_SERVE_BODY_EMPTY', {});
  if (kind === 'bytes') return body;
  const picture = parseJsonPicture(body);
  if ('bytes' in picture) return picture.bytes;
  const { bytes } = await timed('fetch', () =>
    fetchGuarded(picture.url, {
      allow: context.urlAllow,
      maxBytes: context.maxBodyBytes,
      timeoutMs: serveDefaults.fetchTimeoutMs,
      signal,
      ...(context.lookup ? { lookup: context.lookup } : {}),
    }),
  );
  return bytes;
}

function replyOf(prediction: Prediction, { wanted, predictor }: { wanted: Wanted; predictor: Predictor }): Reply {
  const contentType = mediaTypes[wanted.kind];
  if (wanted.kind === 'logits') {
    // One row per picture of the batch: the shape that the founding inference script answers with.
    return {
      status: 200,
      headers: { 'content-type': contentType },
      body: JSON.stringify([Array.from(prediction.logits)]),
    };
  }
  const { manifest } = predictor;
  const answer = {
    predictions: prediction.ranked.slice(0, wanted.top),
    novelty: prediction.novelty,
    model: { digest: manifest.digest, backbone: manifest.backbone.name, classes: manifest.labels.length },
  };
  return { status: 200, headers: { 'content-type': contentType }, body: JSON.stringify(answer) };
}
