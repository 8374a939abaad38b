import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorCode } from '../../errors/index.ts';
import type { ServingMetrics } from './metrics.ts';
import { type AccessRecord, type Clock, serveDefaults } from './options.ts';
import { allowedMethods, type Target, targetOf } from './route.ts';
import type { Reply } from './status.ts';

/** One request and its answer, from the head to the line in the log. */
export interface Exchange {
  readonly requestId: string;
  readonly target: Target;
  /** Aborted when the caller leaves. */
  readonly signal: AbortSignal;
  received(bytes: number): void;
  /** Kept for the log. */
  defect(error: unknown): void;
  send(reply: Reply, options: { readonly close: boolean }): void;
}

export interface ExchangeContext {
  readonly clock: Clock;
  readonly metrics: ServingMetrics;
  readonly log: (record: AccessRecord) => void;
}

/** SageMaker passes it to the container and the container's back to the caller. */
const customAttributes = 'x-amzn-sagemaker-custom-attributes';

export function beginExchange(
  request: IncomingMessage,
  response: ServerResponse,
  { clock, metrics, log }: ExchangeContext,
): Exchange {
  const start = clock.elapsed();
  const requestId = requestIdOf(request);
  const target = targetOf(request.url ?? '/');
  const left = new AbortController();
  let bytesIn = 0;
  let sent: { readonly bytes: number; readonly code: ErrorCode | undefined } | undefined;
  let defect: string | undefined;
  response.on('error', () => undefined);
  response.on('close', () => {
    const isAnswered = response.writableFinished && sent !== undefined;
    if (!isAnswered) left.abort(new Error('the caller left'));
    const milliseconds = clock.elapsed() - start;
    const status = isAnswered ? response.statusCode : 499;
    metrics.request({ route: target.route, status, seconds: milliseconds / 1000, code: sent?.code });
    log({
      time: new Date(clock.now()).toISOString(),
      requestId,
      method: request.method ?? '',
      path: target.path.slice(0, 200),
      status,
      milliseconds: Math.round(milliseconds * 10) / 10,
      bytesIn,
      bytesOut: sent?.bytes ?? 0,
      ...(sent?.code === undefined ? {} : { code: sent.code }),
      ...(defect === undefined ? {} : { defect }),
    });
  });
  return {
    requestId,
    target,
    signal: left.signal,
    received(bytes) {
      bytesIn = bytes;
    },
    defect(error) {
      defect = error instanceof Error ? (error.stack ?? error.message) : String(error);
    },
    send(reply, { close }) {
      if (sent || response.destroyed) return;
      const body = Buffer.from(reply.body);
      sent = { bytes: body.length, code: reply.code };
      const attributes = request.headers[customAttributes];
      response.writeHead(reply.status, {
        ...reply.headers,
        'content-length': body.length,
        'x-request-id': requestId,
        // Pictures and what is said about them are nobody's to keep, and an answer is what its type says.
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        ...(reply.status === 405 ? { allow: allowedMethods(target.path) } : {}),
        ...(typeof attributes === 'string' && attributes.length <= 1024 ? { [customAttributes]: attributes } : {}),
        ...(close || !request.complete ? { connection: 'close' } : {}),
      });
      if (request.complete) response.end(body);
      else endAfterRequest(request, response, body);
    },
  };
}

/**
 * Answers before the request has arrived completely. Closing at once would reset the connection, and the caller, still sending,
 * would never see why; so what still comes is thrown away for a moment.
 */
function endAfterRequest(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  response.write(body);
  request.resume();
  const timer = setTimeout(() => response.end(), serveDefaults.lingerMs);
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  request.once('end', end);
  request.once('close', end);
}

/** The caller's own id where it is harmless in a log, else a new one. */
function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}
