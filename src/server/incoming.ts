import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  AwsFault,
  type RequestBody,
  type RequestHead,
  readBody,
  requestTooLarge,
  type Verified,
} from '../wire/index.ts';

/** The head of a request that has arrived, in the wire's terms. */
export function readHead(incoming: IncomingMessage): RequestHead {
  const target = incoming.url ?? '/';
  const at = target.indexOf('?');
  const rawHeaders = pairs(incoming.rawHeaders);
  const bucket = virtualHostBucket(incoming.headers.host ?? '');
  return {
    method: incoming.method ?? 'GET',
    rawPath: at < 0 ? target : target.slice(0, at),
    rawQuery: at < 0 ? '' : target.slice(at + 1),
    rawHeaders,
    headers: fold(rawHeaders),
    ...(bucket !== undefined && { bucket }),
  };
}

function pairs(rawHeaders: readonly string[]): (readonly [string, string])[] {
  const result: (readonly [string, string])[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    result.push([rawHeaders[index] as string, rawHeaders[index + 1] as string]);
  }
  return result;
}

function fold(rawHeaders: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of rawHeaders) {
    const key = name.toLowerCase();
    const before = headers.get(key);
    headers.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return headers;
}

/** `photos.localhost:4566` and `photos.s3.localhost` → `photos`. JS clients write it so when the endpoint is a name. */
function virtualHostBucket(host: string): string | undefined {
  const match = /^(.+?)(?:\.s3(?:\.[a-z0-9-]+)?)?\.localhost(?::\d+)?$/i.exec(host);
  const bucket = match?.[1];
  return bucket === undefined || /^s3(\.[a-z0-9-]+)?$/i.test(bucket) ? undefined : bucket;
}

/** Bytes as sent, or all of them; never both. */
export interface IncomingBody {
  /** Asks a client that waits with `Expect: 100-continue` to go on. */
  source(): AsyncIterable<Uint8Array>;
  /** The whole body, read once and kept. @throws AwsFault when it is larger than `limit` bytes, before reading it where its length is told. */
  buffer(limit: number): Promise<Uint8Array>;
}

export function openBody(incoming: IncomingMessage, response: ServerResponse): IncomingBody {
  // Not before the first byte is wanted: an operation that refuses the request has its body in hand by then, but has not read it.
  const source = (): AsyncIterable<Uint8Array> => ({
    [Symbol.asyncIterator]() {
      if (incoming.headers.expect?.toLowerCase() === '100-continue') response.writeContinue();
      return incoming[Symbol.asyncIterator]();
    },
  });
  const announced = Number(incoming.headers['content-length'] ?? 0);
  return { source, buffer: keptOnce((limit) => collect(source(), limit, announced)) };
}

/** A body as plain bytes: what was signed is verified while it is read. */
export function checkedBody(
  head: RequestHead,
  body: IncomingBody,
  verified?: Verified,
): { stream(): RequestBody; buffer(limit: number): Promise<Uint8Array> } {
  const stream = (): RequestBody => readBody(body.source(), { head, verified });
  return { stream, buffer: keptOnce((limit) => collect(stream(), limit, 0)) };
}

/** As {@link checkedBody}, for a body that was read whole and verified already. */
export function verifiedBody(body: IncomingBody): {
  stream(): RequestBody;
  buffer(limit: number): Promise<Uint8Array>;
} {
  return {
    stream() {
      throw new Error('Only S3 takes streams.');
    },
    buffer: body.buffer,
  };
}

function keptOnce(read: (limit: number) => Promise<Uint8Array>): (limit: number) => Promise<Uint8Array> {
  let kept: Promise<Uint8Array> | undefined;
  return (limit) => {
    kept ??= read(limit);
    return kept;
  };
}

async function collect(source: AsyncIterable<Uint8Array>, limit: number, announced: number): Promise<Uint8Array> {
  if (announced > limit) throw requestTooLarge(limit);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of source) {
      size += chunk.length;
      if (size > limit) throw requestTooLarge(limit);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof AwsFault) throw error;
    throw incompleteBody();
  }
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);
}

function incompleteBody(): AwsFault {
  return new AwsFault({
    code: 'IncompleteBody',
    status: 400,
    message: 'You did not provide the number of bytes specified by the Content-Length HTTP header',
  });
}
