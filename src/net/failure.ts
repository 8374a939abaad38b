import { isWhippetError, userError, type WhippetError } from '../errors/index.ts';
import { displayName } from './url.ts';

/** The connection ended before the body did. */
export class CutShort extends Error {
  override readonly name = 'CutShort';
}

/** The server asked to come back: 408, 429 and the 5xx that pass. */
export class TryLater extends Error {
  override readonly name = 'TryLater';
  readonly status: number;
  readonly retryAfterMs: number | undefined;

  constructor(status: number, retryAfterMs: number | undefined) {
    super(`HTTP status ${status}`);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

const certificateCodes =
  /^(ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|ERR_SSL|EPROTO|HOSTNAME_MISMATCH)/;

const explanations: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name server does not answer',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the network',
  UND_ERR_CONNECT_TIMEOUT: 'no connection came about in time',
  UND_ERR_HEADERS_TIMEOUT: 'the server did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'the server fell silent',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the connection was cut',
  UND_ERR_HEADERS_OVERFLOW: 'its headers are too long',
};

/** In words, for people. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.errors.length > 0) return explain(error.errors[0]);
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code.startsWith('HPE_')) return 'the answer is not HTTP';
  return explanations[code] ?? error.message;
}

/** A failure that another attempt will not mend, as the error to throw; undefined where trying again makes sense. */
export function finalError(error: unknown, url: URL, proxy: URL | undefined): WhippetError | undefined {
  if (isWhippetError(error)) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const message = error instanceof Error ? error.message : '';
  const proxyStatus = /Proxy response \((\d+)\)/.exec(message)?.[1] ?? (/\(407\)/.test(message) ? '407' : undefined);
  if (proxy && proxyStatus !== undefined) {
    const reason =
      proxyStatus === '407' ? 'it wants a user name and password (407)' : `it answered with ${proxyStatus}`;
    return userError('WHIPPET_NET_PROXY', { proxy: proxy.host, reason }, error);
  }
  if (certificateCodes.test(code)) {
    return userError('WHIPPET_NET_TLS', { url: displayName(url), reason: message }, error);
  }
  if (code === 'ENOTFOUND' || code.startsWith('HPE_')) {
    return userError('WHIPPET_NET_UNREACHABLE', { url: displayName(url), reason: explain(error), attempts: 1 }, error);
  }
  return undefined;
}

/** What is thrown when the attempts are used up. */
export function exhausted(error: unknown, url: URL, attempts: number): WhippetError {
  if (error instanceof TryLater) {
    return userError('WHIPPET_NET_STATUS', { url: displayName(url), status: error.status }, error);
  }
  return userError('WHIPPET_NET_UNREACHABLE', { url: displayName(url), reason: explain(error), attempts }, error);
}
