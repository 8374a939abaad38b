import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type ErrorCode, isWhippetError, userError } from '../errors/index.ts';
import { type Connections, openConnections } from './connections.ts';
import { exhausted, explain, finalError, TryLater } from './failure.ts';
import { openPartFile, type PartFile } from './part-file.ts';
import { type ProxySettings, proxyFor } from './proxy.ts';
import { receive } from './receive.ts';
import { displayName, onMirror, parseHttpUrl } from './url.ts';

export type DownloadEvent =
  /** Before the first byte of the body. `bytes` is the whole file's size, where the server says it. */
  | { readonly type: 'begin'; readonly url: string; readonly bytes?: number; readonly resumedFrom: number }
  | { readonly type: 'progress'; readonly done: number; readonly total?: number }
  | { readonly type: 'retry'; readonly reason: string; readonly attempt: number; readonly delayMs: number };

export interface DownloadOptions {
  /** Hex; another content is refused and deleted. */
  readonly sha256?: string;
  readonly expectedBytes?: number;
  /** Refuses what is larger. Default: no limit, as the size is announced first. */
  readonly maxBytes?: number;
  /** Go to the first origin only; authorisation never leaves it. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly proxy?: ProxySettings;
  /** Base URL of a mirror that takes the origin's place (see `onMirror`); authorisation is not sent to it. */
  readonly mirror?: string;
  /** PEM of a certificate authority to trust instead of the system's. */
  readonly ca?: string;
  readonly onEvent?: (event: DownloadEvent) => void;
  readonly signal?: AbortSignal;
  readonly connectTimeoutMs?: number;
  readonly idleTimeoutMs?: number;
  /** Failures in a row without progress before giving up. */
  readonly attempts?: number;
  readonly wait?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

export interface DownloadResult {
  readonly bytes: number;
  /** Hex, of the file as it is on disk. */
  readonly sha256: string;
  /** Lower-case names, redirections included (huggingface.co gives a file's digest as `x-linked-etag` there). */
  readonly headers: Readonly<Record<string, string>>;
  /** True when bytes of an earlier run were used. */
  readonly resumed: boolean;
}

export const downloadDefaults = {
  connectTimeoutMs: 15_000,
  // Slow links trickle, dead ones are silent.
  idleTimeoutMs: 30_000,
  attempts: 5,
  maxRedirects: 10,
} as const;

/** An attempt that brought this much counts as progress: the count of failures begins anew. */
const progressBytes = 64 * 1024;
const longestDelayMs = 30_000;

/**
 * Fetches a file to disk. It is written to `DESTINATION.part` and renamed when complete and verified, so the destination is
 * whole or absent. Interrupted (cut, killed, aborted), it continues where it stopped if the server can prove that the file is
 * still the same one (ETag or Last-Modified), else it starts over.
 * @throws WHIPPET_NET_* ; the signal's reason when aborted.
 */
export async function download(
  url: string,
  destination: string,
  options: DownloadOptions = {},
): Promise<DownloadResult> {
  const origin = parseHttpUrl(url);
  const address = options.mirror === undefined ? origin : onMirror(origin, options.mirror);
  options.signal?.throwIfAborted();
  const connections = await openConnections({
    connectTimeoutMs: options.connectTimeoutMs ?? downloadDefaults.connectTimeoutMs,
    proxy: options.proxy ?? {},
    ca: options.ca,
  });
  const job: Job = { address, origin, connections, options };
  try {
    // Pieced together from several answers, a wrong content may be an accident: one attempt from the start tells.
    return (await downloadOnce(destination, job)) ?? (await downloadOnce(destination, job, true))!;
  } finally {
    await connections.close();
  }
}

interface Job {
  readonly address: URL;
  readonly origin: URL;
  readonly connections: Connections;
  readonly options: DownloadOptions;
}

/** Undefined when the digest is wrong and the pieces may be to blame; the part is deleted then. */
async function downloadOnce(destination: string, job: Job, isLast = false): Promise<DownloadResult | undefined> {
  const { address, options } = job;
  const part = await openPartFile(destination, createHash('sha256').update(address.href).digest('hex'));
  try {
    const { headers, continued } = await persist(part, job);
    const sha256 = part.sha256();
    const expected = options.sha256?.toLowerCase() ?? sha256;
    if (expected === sha256) {
      await part.finish();
      return { bytes: part.length, sha256, headers, resumed: part.inherited };
    }
    const isPieced = continued || part.inherited;
    await part.discard();
    if (isPieced && !isLast) return undefined;
    throw userError('WHIPPET_NET_CHECKSUM', { url: displayName(address), expected, actual: sha256 });
  } catch (error) {
    // What is of the wrong size will not become right by continuing.
    if (isWhippetError(error) && hopeless.has(error.code)) await part.discard();
    throw error;
  } finally {
    await part.close();
  }
}

const hopeless = new Set<ErrorCode>(['WHIPPET_NET_SIZE', 'WHIPPET_NET_TOO_LARGE']);

/** Attempts until the part is complete. `continued`: at least one attempt went on from bytes already held. */
async function persist(
  part: PartFile,
  job: Job,
): Promise<{ headers: Readonly<Record<string, string>>; continued: boolean }> {
  const { address, options } = job;
  const attempts = options.attempts ?? downloadDefaults.attempts;
  const wait = options.wait ?? ((ms, signal) => delay(ms, undefined, signal ? { signal } : {}));
  let continued = false;
  let furthest = part.length;
  for (let failures = 0; ; ) {
    try {
      const received = await receive(part, {
        ...options,
        address,
        headers: address.origin === job.origin.origin ? (options.headers ?? {}) : {},
        dispatcherFor: job.connections.dispatcherFor,
        maxRedirects: downloadDefaults.maxRedirects,
        idleTimeoutMs: options.idleTimeoutMs ?? downloadDefaults.idleTimeoutMs,
        onContinue: () => {
          continued = true;
        },
      });
      return { headers: received, continued };
    } catch (error) {
      options.signal?.throwIfAborted();
      const final = finalError(error, address, proxyFor(address, options.proxy ?? {}));
      if (final) throw final;
      failures = part.length >= furthest + progressBytes ? 1 : failures + 1;
      furthest = Math.max(furthest, part.length);
      if (failures >= attempts) throw exhausted(error, address, failures);
      const asked = error instanceof TryLater ? error.retryAfterMs : undefined;
      const delayMs = Math.min(asked ?? 500 * 2 ** (failures - 1), longestDelayMs);
      options.onEvent?.({ type: 'retry', reason: explain(error), attempt: failures, delayMs });
      await wait(delayMs, options.signal);
    }
  }
}
