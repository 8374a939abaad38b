import { userError } from '../errors/index.ts';
import type { DownloadEvent } from './download.ts';
import { CutShort, TryLater } from './failure.ts';
import { type Answer, type FollowOptions, follow } from './follow.ts';
import type { PartFile, PartRecord } from './part-file.ts';
import { displayName } from './url.ts';

export interface ReceiveOptions extends FollowOptions {
  readonly address: URL;
  readonly sha256?: string;
  readonly expectedBytes?: number;
  readonly maxBytes?: number;
  readonly onEvent?: (event: DownloadEvent) => void;
  /** The server continues from the bytes held. */
  readonly onContinue: () => void;
}

/**
 * One attempt: asks for what is missing of the part and appends it. Resolves with the answer's headers when the part is complete.
 * RFC 9110 §14 (range requests), §13.1.5 (If-Range).
 * @throws CutShort, TryLater and errors of the connection where another attempt may help; WHIPPET_NET_* where not.
 */
export async function receive(part: PartFile, options: ReceiveOptions): Promise<Readonly<Record<string, string>>> {
  const answer = await follow(options.address, {
    ...options,
    headers: { ...options.headers, ...rangeHeaders(part, options) },
  });
  try {
    if (answer.headers['content-encoding'] !== undefined && answer.headers['content-encoding'] !== 'identity') {
      const reason = `it is encoded as ${answer.headers['content-encoding']}, which was not asked for`;
      throw userError('WHIPPET_NET_RESPONSE', { url: displayName(options.address), reason });
    }
    if (await isComplete(part, answer)) return answer.allHeaders;
    const total = await agree(part, answer, options);
    options.onEvent?.({
      type: 'begin',
      url: displayName(options.address),
      resumedFrom: part.length,
      ...(total === undefined ? {} : { bytes: total }),
    });
    await appendBody(part, answer, { ...options, total });
    return answer.allHeaders;
  } finally {
    answer.body.discard();
  }
}

function rangeHeaders(part: PartFile, { sha256 }: ReceiveOptions): Record<string, string> {
  if (part.length === 0 || !part.record) return {};
  const validator = validatorOf(part.record);
  // Without a validator only a known digest can tell whether the pieces belong together.
  if (validator === undefined && sha256 === undefined) return {};
  return { range: `bytes=${part.length}-`, ...(validator === undefined ? {} : { 'if-range': validator }) };
}

/** If-Range takes strong validators only. */
function validatorOf(record: PartRecord): string | undefined {
  if (record.etag !== undefined && !record.etag.startsWith('W/')) return record.etag;
  return record.lastModified;
}

/** 416: there is nothing after what we hold, as it is the whole file. */
async function isComplete(part: PartFile, answer: Answer): Promise<boolean> {
  if (answer.status !== 416 || !part.record) return false;
  const size = /^bytes \*\/(\d+)$/.exec(answer.headers['content-range'] ?? '')?.[1];
  if (Number(size) === part.length && isSameFile(part.record, answer)) return true;
  return startAgain(part);
}

/** Settles from which byte the body goes on and how long the whole file is. */
async function agree(part: PartFile, answer: Answer, options: ReceiveOptions): Promise<number | undefined> {
  const { status, headers } = answer;
  if (status === 408 || status === 429 || (status >= 500 && status !== 501)) {
    throw new TryLater(status, retryAfterMs(headers['retry-after']));
  }
  if (status === 206) {
    const total = await checkContinuation(part, answer);
    checkSize(total, options);
    options.onContinue();
    if (total !== undefined) await part.reserve(total - part.length);
    return total;
  }
  if (status !== 200) throw userError('WHIPPET_NET_STATUS', { url: displayName(options.address), status });
  const total = headers['content-length'] === undefined ? undefined : Number(headers['content-length']);
  checkSize(total, options);
  await part.restart({
    ...(headers.etag === undefined ? {} : { etag: headers.etag }),
    ...(headers['last-modified'] === undefined ? {} : { lastModified: headers['last-modified'] }),
    ...(total === undefined ? {} : { total }),
  });
  if (total !== undefined) await part.reserve(total);
  return total;
}

/** Some servers ignore If-Range, so a 206 is believed only if it begins where we stopped and names the same file. */
async function checkContinuation(part: PartFile, answer: Answer): Promise<number | undefined> {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.headers['content-range'] ?? '');
  if (!range || !part.record || Number(range[1]) !== part.length) return startAgain(part);
  const total = range[2] === '*' ? undefined : Number(range[2]);
  const isSameSize = total === undefined || part.record.total === undefined || part.record.total === total;
  if (!isSameSize || !isSameFile(part.record, answer)) return startAgain(part);
  return total ?? part.record.total;
}

async function startAgain(part: PartFile): Promise<never> {
  await part.restart({});
  throw new CutShort('the file has changed on the server');
}

function isSameFile(record: PartRecord, { headers }: Answer): boolean {
  const sameTag = record.etag === undefined || headers.etag === undefined || record.etag === headers.etag;
  const modified = headers['last-modified'];
  return sameTag && (record.lastModified === undefined || modified === undefined || record.lastModified === modified);
}

function checkSize(total: number | undefined, { address, expectedBytes, maxBytes }: ReceiveOptions): void {
  const url = displayName(address);
  if (total === undefined) return;
  if (expectedBytes !== undefined && total !== expectedBytes) {
    throw userError('WHIPPET_NET_SIZE', { url, expected: expectedBytes, actual: total });
  }
  if (maxBytes !== undefined && total > maxBytes) throw userError('WHIPPET_NET_TOO_LARGE', { url, limit: maxBytes });
}

async function appendBody(
  part: PartFile,
  answer: Answer,
  options: ReceiveOptions & { readonly total: number | undefined },
): Promise<void> {
  const { total, maxBytes, expectedBytes } = options;
  const limit = Math.min(total ?? Infinity, expectedBytes ?? Infinity, maxBytes ?? Infinity);
  const url = displayName(options.address);
  for await (const chunk of answer.body.chunks()) {
    if (part.length + chunk.length > limit) {
      if (expectedBytes === undefined) throw userError('WHIPPET_NET_TOO_LARGE', { url, limit });
      throw userError('WHIPPET_NET_SIZE', { url, expected: expectedBytes, actual: part.length + chunk.length });
    }
    await part.append(chunk);
    options.onEvent?.({ type: 'progress', done: part.length, ...(total === undefined ? {} : { total }) });
  }
  if (total !== undefined && part.length < total) throw new CutShort('the connection was cut');
  if (expectedBytes !== undefined && part.length !== expectedBytes) {
    throw userError('WHIPPET_NET_SIZE', { url, expected: expectedBytes, actual: part.length });
  }
}

/** Seconds or a date (RFC 9110 §10.2.3); a date is not worth a clock here. */
function retryAfterMs(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,5}$/.test(header) ? Number(header) * 1000 : undefined;
}
