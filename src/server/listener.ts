import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { WireResponse } from '../wire/index.ts';
import { allowedHost } from './hosts.ts';

/**
 * An import statement reads every export of a built-in module, and with two of this one's comes Node's WebSocket client: 35 ms and
 * 14 MB at start, for nothing.
 */
const { createServer } = process.getBuiltinModule('node:http');

/** Bounds on what a client may make the server hold. Times in milliseconds, sizes in bytes. */
const bounds = {
  /** AWS takes 8 kB; presigned requests with a session token are longer. */
  maxHeaderSize: 32 * 1024,
  maxHeadersCount: 200,
  headersTimeout: 20_000,
  /** Of a whole request, body included: 5 GB at 5 MB/s. */
  requestTimeout: 1_200_000,
  /** Without a byte in either direction. */
  idleTimeout: 60_000,
  /** Longer than that of clients' pools (boto3: 60 s), so that it is they who close. */
  keepAliveTimeout: 65_000,
  maxConnections: 1024,
} as const;

export interface Listener {
  readonly port: number;
  /** Stops listening, lets requests under way end for `graceMilliseconds`, then cuts them off. */
  close(graceMilliseconds: number): Promise<void>;
}

export type Handle = (
  incoming: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
) => Promise<WireResponse>;

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** Told of an answer that could not be sent though the client was there. */
  readonly onDefect: (error: unknown) => void;
}

/** @throws NodeJS.ErrnoException EADDRINUSE, EACCES, EADDRNOTAVAIL. */
export async function listen(handle: Handle, options: ListenOptions): Promise<Listener> {
  const { host, port } = options;
  const server = createServer({
    maxHeaderSize: bounds.maxHeaderSize,
    headersTimeout: bounds.headersTimeout,
    requestTimeout: bounds.requestTimeout,
    keepAliveTimeout: bounds.keepAliveTimeout,
    connectionsCheckingInterval: 5_000,
    // S3 listings and metadata hold bytes that strict parsers of other servers would refuse; Node's own rules stay on.
    insecureHTTPParser: false,
  });
  server.maxHeadersCount = bounds.maxHeadersCount;
  server.maxConnections = bounds.maxConnections;
  server.setTimeout(bounds.idleTimeout, (socket) => socket.destroy());
  let closing = false;
  const onRequest = (incoming: IncomingMessage, response: ServerResponse): void => {
    // Clients keep connections for their next request; when there will be none, they would keep the server from closing.
    response.once('close', () => closing && setImmediate(() => server.closeIdleConnections()));
    void exchange(handle, { incoming, response, ...options });
  };
  server.on('request', onRequest);
  // A body that is waited for is asked for when somebody reads it, so a refused upload is never sent.
  server.on('checkContinue', onRequest);
  server.on('clientError', refuseGarbage);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    close(grace) {
      closing = true;
      return close(server, grace);
    },
  };
}

interface Arrived extends ListenOptions {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
}

async function exchange(handle: Handle, { incoming, response, host, onDefect }: Arrived): Promise<void> {
  const gone = new AbortController();
  // Every answer ends in 'close'; an abort makes an exception with its stack, so it is kept for who really went away.
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  try {
    const refusal = allowedHost(incoming.headers, host);
    await send(refusal ?? (await handle(incoming, response, gone.signal)), incoming, response);
  } catch (error) {
    if (gone.signal.aborted) return;
    onDefect(error);
    // An object that breaks off in the middle: only a cut connection tells that.
    if (response.headersSent) response.destroy();
    else response.writeHead(500, { Connection: 'close', 'Content-Length': 0 }).end();
  }
}

async function send(
  { status, headers, body }: WireResponse,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // What was not read of a body would have to be read before the next request.
  if (!incoming.complete && !response.headersSent) response.setHeader('Connection', 'close');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.statusCode = status;
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    if (bytes) response.setHeader('Content-Length', bytes.length);
    else if (incoming.method !== 'HEAD' && status !== 204 && status !== 304) response.setHeader('Content-Length', 0);
    response.end(bytes);
    return;
  }
  if ('sendTo' in body) await body.sendTo(response);
  else await pipeline(Readable.from(body, { objectMode: false }), response);
}

/** No HTTP at all, headers beyond the bounds, or a request that takes too long. */
function refuseGarbage(error: NodeJS.ErrnoException, socket: NodeJS.WritableStream & { writable: boolean }): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const status =
    {
      HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
      ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
    }[error.code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

async function close(server: Server, graceMilliseconds: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cutOff = setTimeout(() => server.closeAllConnections(), graceMilliseconds);
  await closed;
  clearTimeout(cutOff);
}
