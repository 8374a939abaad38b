import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { userError } from '../errors/index.ts';
import { refusalOf } from './address.ts';
import { explain, finalError } from './failure.ts';
import { type Answer, follow } from './follow.ts';
import { displayName, parseHttpUrl } from './url.ts';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

export type Lookup = (host: string) => Promise<readonly ResolvedAddress[]>;

export interface GuardOptions {
  /** `HOST` or `HOST:PORT`: hosts that may be fetched from although their address is not public. */
  readonly allow: readonly string[];
  readonly maxBytes: number;
  /** For everything: names, connections, redirections and the last byte of the body. */
  readonly timeoutMs: number;
  readonly maxRedirects?: number;
  readonly signal?: AbortSignal;
  readonly lookup?: Lookup;
  /** PEM of a certificate authority to trust instead of the system's. */
  readonly ca?: string;
}

export interface Fetched {
  readonly bytes: Buffer;
  /** As the server says; it need not be true. */
  readonly contentType: string | undefined;
}

/**
 * Fetches an address that a stranger chose, without letting the stranger reach what only this machine can reach (OWASP: server-side
 * request forgery). The address is judged where the connection is made, for each redirection anew, and the connection goes to
 * the very number that was judged; a name that resolves otherwise a moment later (DNS rebinding) gains nothing. Proxies are not
 * used, as their connections could not be judged.
 * @throws WHIPPET_NET_URL, _ADDRESS, _STATUS, _REDIRECT, _TOO_LARGE, _TIMEOUT, _TLS, _RESPONSE, _UNREACHABLE
 */
export async function fetchGuarded(text: string, options: GuardOptions): Promise<Fetched> {
  const url = parseHttpUrl(text);
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
  const undici = await import('undici');
  const agent = new undici.Agent({ connect: guardedConnector(undici, { options, signal }), pipelining: 0 });
  try {
    const answer = await follow(url, {
      headers: { 'user-agent': 'whippet', accept: 'image/*' },
      dispatcherFor: () => agent,
      maxRedirects: options.maxRedirects ?? 3,
      idleTimeoutMs: options.timeoutMs,
      signal,
    });
    return await readAnswer(answer, { url, maxBytes: options.maxBytes });
  } catch (error) {
    options.signal?.throwIfAborted();
    if (deadline.aborted) {
      throw userError('WHIPPET_NET_TIMEOUT', { url: displayName(url), seconds: options.timeoutMs / 1000 }, error);
    }
    throw (
      finalError(error, url, undefined) ??
      userError('WHIPPET_NET_UNREACHABLE', { url: displayName(url), reason: explain(error), attempts: 1 }, error)
    );
  } finally {
    await agent.destroy();
  }
}

async function readAnswer(answer: Answer, { url, maxBytes }: { url: URL; maxBytes: number }): Promise<Fetched> {
  const shown = displayName(url);
  const { status, headers, body } = answer;
  try {
    if (status !== 200) throw userError('WHIPPET_NET_STATUS', { url: shown, status });
    const coding = headers['content-encoding'] ?? 'identity';
    if (coding !== 'identity') {
      throw userError('WHIPPET_NET_RESPONSE', { url: shown, reason: `it is encoded as ${coding.slice(0, 40)}` });
    }
    if (Number(headers['content-length'] ?? 0) > maxBytes) {
      throw userError('WHIPPET_NET_TOO_LARGE', { url: shown, limit: maxBytes });
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body.chunks()) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw userError('WHIPPET_NET_TOO_LARGE', { url: shown, limit: maxBytes });
      chunks.push(chunk);
    }
    return { bytes: Buffer.concat(chunks, bytes), contentType: headers['content-type'] };
  } finally {
    body.discard();
  }
}

/** Resolves, judges, then connects to what was judged. */
function guardedConnector(
  undici: Pick<typeof import('undici'), 'buildConnector'>,
  { options, signal }: { readonly options: GuardOptions; readonly signal: AbortSignal },
): buildConnector.connector {
  const lookup = options.lookup ?? ((host) => systemLookup(host, { all: true }) as Promise<ResolvedAddress[]>);
  const isAllowed = allowList(options.allow);
  return (target, callback) => {
    const host = target.hostname.replace(/^\[(.*)\]$/, '$1');
    const port = target.port || (target.protocol === 'https:' ? '443' : '80');
    const mayBePrivate = isAllowed(host, port);
    const connectTo = (addresses: readonly ResolvedAddress[]): void => {
      const connector = undici.buildConnector({
        timeout: options.timeoutMs,
        ...(options.ca === undefined ? {} : { ca: options.ca }),
        // A literal address is not looked up by net.connect: it is what was judged already.
        lookup: pinned(addresses),
      } as buildConnector.BuildOptions);
      connector({ ...target, hostname: host }, (...outcome) => {
        const socket = outcome[1];
        const refusal = socket && !mayBePrivate ? refusalOf((socket as Socket).remoteAddress ?? '') : undefined;
        if (refusal === undefined) return callback(...outcome);
        socket?.destroy();
        callback(userError('WHIPPET_NET_ADDRESS', { host, kind: refusal }), null);
      });
    };
    unlessAborted(resolve(host, lookup), signal)
      .then((addresses) => {
        if (!mayBePrivate) judge(host, addresses);
        connectTo(addresses);
      })
      .catch((error: Error) => callback(error, null));
  };
}

/** A lookup that knows only what was judged. Node asks for all addresses or for one. */
function pinned(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_name, { all }, done) => {
    if (all) done(null, [...addresses]);
    else done(null, addresses[0]?.address ?? '', addresses[0]?.family);
  };
}

async function resolve(host: string, lookup: Lookup): Promise<readonly ResolvedAddress[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family: family as 4 | 6 }];
  const addresses = await lookup(host);
  if (addresses.length > 0) return addresses;
  throw Object.assign(new Error('no address'), { code: 'ENOTFOUND' });
}

/** Name servers may keep silent for longer than we wait, and a lookup can't be stopped. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** One address that is not public spoils the name: which of them would be used is not ours to choose. */
function judge(host: string, addresses: readonly ResolvedAddress[]): void {
  for (const { address } of addresses) {
    const kind = refusalOf(address);
    if (kind !== undefined) throw userError('WHIPPET_NET_ADDRESS', { host, kind });
  }
}

/**
 * @throws WHIPPET_NET_URL for an entry that is not HOST or HOST:PORT.
 */
export function allowList(entries: readonly string[]): (host: string, port: string) => boolean {
  const allowed = entries.map((entry) => {
    const bare = isIP(entry) === 6 ? `[${entry}]` : entry;
    const parts = /^(\[[0-9a-f:.]+\]|[^\s/:@?#[\]]+)(?::(\d{1,5}))?$/i.exec(bare);
    if (!parts?.[1] || !URL.canParse(`http://${parts[1]}`)) {
      throw userError('WHIPPET_NET_URL', { url: entry, reason: 'an exception is written as HOST or HOST:PORT' });
    }
    // As URLs write it: lower case, numbers in one form.
    return { host: new URL(`http://${parts[1]}`).hostname.replace(/^\[(.*)\]$/, '$1'), port: parts[2] };
  });
  return (host, port) => allowed.some((one) => one.host === host && (one.port === undefined || one.port === port));
}
