import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { userError, type WhippetError } from '../../errors/index.ts';
import type { ExchangeContext } from './exchange.ts';
import { errorReply } from './status.ts';

/** What Node's parser says, in words; the bytes themselves are not repeated. */
function errorOf(error: NodeJS.ErrnoException & { reason?: string }, seconds: number): WhippetError {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return userError('WHIPPET_SERVE_INCOMPLETE', { seconds });
  if (error.code === 'HPE_HEADER_OVERFLOW')
    return userError('WHIPPET_SERVE_MALFORMED', { reason: 'its headers are too long' });
  return userError('WHIPPET_SERVE_MALFORMED', { reason: error.reason ?? error.code ?? 'it does not parse' });
}

/** Answers what is no HTTP request, or did not become one in time, on the bare socket, in the same form as everything else. */
export function answerBrokenRequests(
  server: Server,
  { log, metrics, clock, requestTimeoutMs }: ExchangeContext & { readonly requestTimeoutMs: number },
): void {
  // A socket whose answer has begun can't take another one.
  const responses = new WeakMap<Duplex, ServerResponse>();
  server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
    if (response.socket) responses.set(response.socket, response);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const response = responses.get(socket);
    const isAnswering = response !== undefined && !response.writableFinished && response.headersSent;
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering) {
      socket.destroy(error);
      return;
    }
    const requestId = randomUUID();
    const refusal = errorOf(error, requestTimeoutMs / 1000);
    const reply = errorReply(refusal, requestId);
    const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : reply.status;
    const body = Buffer.from(reply.body);
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'content-type: application/json',
      `content-length: ${body.length}`,
      `x-request-id: ${requestId}`,
      'connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${reply.body}`, () => socket.destroy());
    metrics.request({ route: 'other', status, seconds: 0, code: refusal.code });
    const time = new Date(clock.now()).toISOString();
    const sizes = { milliseconds: 0, bytesIn: 0, bytesOut: body.length };
    log({ time, requestId, method: '', path: '', status, ...sizes, code: refusal.code });
  });
}
