import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { isWhippetError, userError } from '../../errors/index.ts';
import { allowList } from '../../net/index.ts';
import { answerBrokenRequests } from './broken-request.ts';
import { beginExchange, type Exchange, type ExchangeContext } from './exchange.ts';
import { type InvocationContext, invoke } from './invocation.ts';
import { servingMetrics } from './metrics.ts';
import { type ServeOptions, serveDefaults, systemClock } from './options.ts';
import { checkRoute } from './route.ts';
import { errorReply, type Reply, statusOf } from './status.ts';

export interface Serving {
  /** Where it listens: `http://127.0.0.1:8080`, or `unix:PATH`. */
  readonly url: string;
  /** Accepts no more connections, answers what was accepted, at most for the time limit of a request. */
  drain(): Promise<void>;
}

interface ServerState {
  draining: boolean;
  /** Predictions in a row that failed through no fault of the caller. */
  failures: number;
}

interface ServerContext extends ExchangeContext, InvocationContext {
  readonly requestTimeoutMs: number;
  readonly state: ServerState;
}

/**
 * Serves a model as SageMaker's container contract wants it: GET /ping, POST /invocations; and GET /metrics for Prometheus.
 * @throws WHIPPET_SERVE_LISTEN; WHIPPET_NET_URL for a wrong exception in `urlAllow`.
 */
export async function startServing(options: ServeOptions): Promise<Serving> {
  const context = contextOf(options);
  const { state, requestTimeoutMs } = context;
  const server = createServer({
    maxHeaderSize: serveDefaults.maxHeaderBytes,
    headersTimeout: Math.min(serveDefaults.headersTimeoutMs, requestTimeoutMs),
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: 1000,
    keepAliveTimeout: serveDefaults.keepAliveTimeoutMs,
    noDelay: true,
  });
  server.maxConnections = serveDefaults.maxConnections;
  const onRequest = (request: IncomingMessage, response: ServerResponse): void =>
    void answer(request, response, context);
  server.on('request', onRequest);
  // "Expect: 100-continue": the head is judged first, and the body asked for only when it is wanted.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    request.once('resume', () => response.headersSent || response.writeContinue());
    onRequest(request, response);
  });
  // Expectations that nobody knows may be ignored (RFC 9110 §10.1.1).
  server.on('checkExpectation', onRequest);
  answerBrokenRequests(server, context);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const url = await listen(server, options);
  let drained: Promise<void> | undefined;
  return {
    url,
    drain() {
      state.draining = true;
      drained ??= close(server, { sockets, limitMs: requestTimeoutMs });
      return drained;
    },
  };
}

function contextOf(options: ServeOptions): ServerContext {
  const urlAllow = options.urlAllow ?? [];
  allowList(urlAllow);
  const queue = { length: 0 };
  const metrics = options.metrics ?? servingMetrics();
  metrics.describe(options.predictor.manifest, () => queue.length);
  return {
    predictor: options.predictor,
    queueLimit: options.queueLimit ?? serveDefaults.queueLimit,
    requestTimeoutMs: options.requestTimeoutMs ?? serveDefaults.requestTimeoutMs,
    maxBodyBytes: options.maxBodyBytes ?? serveDefaults.maxBodyBytes,
    urlAllow,
    lookup: options.lookup,
    memory: { limit: serveDefaults.bodyMemoryBytes, held: 0 },
    metrics,
    clock: options.clock ?? systemClock,
    log: options.log ?? (() => undefined),
    queue,
    state: { draining: false, failures: 0 },
  };
}

async function listen(server: Server, { host, port, socketPath }: ServeOptions): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reasons: Readonly<Record<string, string>> = {
        EADDRINUSE: 'the port is in use',
        EACCES: 'permission denied',
        EADDRNOTAVAIL: 'this machine has no such address',
        ENOTFOUND: 'there is no host of that name',
      };
      const reason = reasons[error.code ?? ''] ?? error.message;
      const refused =
        socketPath === undefined
          ? userError('WHIPPET_SERVE_LISTEN', { host, port, reason }, error)
          : userError('WHIPPET_SERVE_LISTEN_SOCKET', { path: socketPath, reason: socketReason(error) }, error);
      reject(refused);
    });
    if (socketPath === undefined) server.listen(port, host, () => resolve());
    else server.listen(socketPath, () => resolve());
  });
  // From now on: a connection could not be accepted (too many open files). Its caller sees it; the others are served.
  server.on('error', () => undefined);
  if (socketPath !== undefined) return `unix:${socketPath}`;
  const { address, family, port: bound } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`;
}

/** `EINVAL` is what an address of more than 107 bytes gets (unix(7)). */
function socketReason({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return 'there is something at that path already';
  return code === 'EINVAL' ? 'the path is too long for a socket' : message;
}

/** Node closes connections between two requests; those that never sent one would keep the server open. */
async function close(server: Server, { sockets, limitMs }: { sockets: Set<Socket>; limitMs: number }): Promise<void> {
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const timer = setTimeout(() => server.closeAllConnections(), limitMs);
  await closed;
  clearTimeout(timer);
}

/** Never rejects: whatever happens becomes an answer and a line in the log. */
async function answer(request: IncomingMessage, response: ServerResponse, context: ServerContext): Promise<void> {
  const exchange = beginExchange(request, response, context);
  let reply: Reply;
  try {
    reply = await replyTo(exchange, { request, context });
  } catch (error) {
    const isAnswer = isWhippetError(error) && statusOf(error) !== undefined;
    if (!isAnswer && !exchange.signal.aborted) exchange.defect(error);
    const { requestId } = exchange;
    reply = errorReply(isAnswer ? error : userError('WHIPPET_SERVE_INTERNAL', { requestId }, error), requestId);
  }
  exchange.send(reply, { close: context.state.draining });
}

interface Asked {
  readonly request: IncomingMessage;
  readonly context: ServerContext;
}

async function replyTo(exchange: Exchange, { request, context }: Asked): Promise<Reply> {
  const { state, metrics } = context;
  checkRoute(exchange.target, request.method ?? '');
  if (exchange.target.route === 'ping') {
    if (state.draining) throw userError('WHIPPET_SERVE_DRAINING', {});
    if (state.failures >= serveDefaults.unhealthyAfter) {
      throw userError('WHIPPET_SERVE_UNHEALTHY', { failures: state.failures });
    }
    return { status: 200, headers: { 'content-type': 'application/json' }, body: '{"status":"ok"}\n' };
  }
  if (exchange.target.route === 'metrics') {
    const { contentType, text } = await metrics.render();
    return { status: 200, headers: { 'content-type': contentType }, body: text };
  }
  return withinTime(exchange, { request, context });
}

/**
 * The invocation, or 504. A prediction that is under way cannot be stopped: it ends unheard, and keeps its place in the queue
 * until then.
 */
async function withinTime(exchange: Exchange, { request, context }: Asked): Promise<Reply> {
  const { requestTimeoutMs, state } = context;
  const late = new AbortController();
  const signal = AbortSignal.any([exchange.signal, late.signal]);
  const invocation = invoke(
    { request, query: exchange.target.query, signal, onBody: (bytes) => exchange.received(bytes) },
    context,
  );
  // A caller's mistake says nothing about the server; a defect does, as long as no success follows.
  const judged = invocation.then(
    (reply) => {
      state.failures = 0;
      return reply;
    },
    (error: unknown) => {
      if (!signal.aborted && !(isWhippetError(error) && statusOf(error) !== undefined)) state.failures += 1;
      throw error;
    },
  );
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = userError('WHIPPET_SERVE_TIME_LIMIT', { seconds: requestTimeoutMs / 1000 });
      reject(error);
      late.abort(error);
    }, requestTimeoutMs);
  });
  try {
    return await Promise.race([judged, limit]);
  } finally {
    clearTimeout(timer);
  }
}
