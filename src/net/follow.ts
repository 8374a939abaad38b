import type { Dispatcher } from 'undici';
import { userError } from '../errors/index.ts';
import { type Body, startReceiving } from './body.ts';
import { displayName, parseHttpUrl } from './url.ts';

export interface Answer {
  readonly status: number;
  /** Where the answer came from in the end. */
  readonly url: URL;
  /** Of the last answer; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of all answers on the way, later ones winning: some hosts describe a file in the redirection to it. */
  readonly allHeaders: Readonly<Record<string, string>>;
  /** The caller must read it to its end or discard it. */
  readonly body: Body;
}

export interface FollowOptions {
  /** Sent to the first origin; authorisation and cookies are not sent to any other. */
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcherFor: (url: URL) => Dispatcher;
  readonly maxRedirects: number;
  /** How long the server may be silent, before and while it answers. */
  readonly idleTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

const redirections = new Set([301, 302, 303, 307, 308]);
const secretHeaders = new Set(['authorization', 'cookie', 'proxy-authorization']);

/**
 * GETs an address and follows redirections.
 * @throws WHIPPET_NET_REDIRECT for too many of them, and for one from https to http. Errors of the connection pass through.
 */
export async function follow(start: URL, options: FollowOptions): Promise<Answer> {
  const { request } = await import('undici');
  let url = start;
  let headers: Record<string, string> = { 'accept-encoding': 'identity', ...lowerCased(options.headers) };
  const allHeaders: Record<string, string> = {};
  for (let hops = 0; ; hops++) {
    const response = await request(url, {
      dispatcher: options.dispatcherFor(url),
      headers,
      headersTimeout: options.idleTimeoutMs,
      bodyTimeout: options.idleTimeoutMs,
      signal: options.signal ?? null,
    });
    const body = startReceiving(response.body);
    const received = flattened(response.headers);
    Object.assign(allHeaders, received);
    const location = redirections.has(response.statusCode) ? received.location : undefined;
    if (location === undefined) {
      return { status: response.statusCode, url, headers: received, allHeaders, body };
    }
    body.discard();
    if (hops === options.maxRedirects) {
      const reason = `there are more than ${options.maxRedirects} in a row`;
      throw userError('WHIPPET_NET_REDIRECT', { url: displayName(start), reason });
    }
    const next = nextUrl(url, location);
    if (next.origin !== url.origin) headers = withoutSecrets(headers);
    url = next;
  }
}

function nextUrl(from: URL, location: string): URL {
  if (!URL.canParse(location, from.href)) {
    throw userError('WHIPPET_NET_REDIRECT', { url: displayName(from), reason: 'it leads to something that is no URL' });
  }
  const next = parseHttpUrl(new URL(location, from).href);
  if (from.protocol === 'https:' && next.protocol === 'http:') {
    const reason = `it leads from https to unprotected http at ${next.host}`;
    throw userError('WHIPPET_NET_REDIRECT', { url: displayName(from), reason });
  }
  return next;
}

function withoutSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !secretHeaders.has(name)));
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text]));
}

function flattened(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, held] of Object.entries(headers)) {
    if (held !== undefined) flat[name] = typeof held === 'string' ? held : held.join(', ');
  }
  return flat;
}
