/** aws-chunked bodies, in each of the forms that S3 takes. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html */
import { createHmac } from 'node:crypto';
import { type Keys, type RawRequest, sha256, signed } from './signing.ts';

export type ChunkedForm =
  | 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'
  | 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER'
  | 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';

export interface Chunking {
  readonly keys: Keys;
  readonly form: ChunkedForm;
  readonly chunks: readonly Uint8Array[];
  /** `['x-amz-checksum-crc32', 'AAAAAA==']`, for the forms with a trailer. */
  readonly trailer?: readonly [name: string, value: string];
  readonly date?: Date;
}

/** A PUT whose body is in chunks. */
export async function chunkedUpload(
  request: Omit<RawRequest, 'method' | 'body'>,
  { keys, form, chunks, trailer, date = new Date() }: Chunking,
): Promise<RawRequest> {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const head = await signed(
    {
      ...request,
      method: 'PUT',
      headers: {
        ...request.headers,
        'content-encoding': 'aws-chunked',
        'x-amz-decoded-content-length': `${length}`,
        ...(trailer && { 'x-amz-trailer': trailer[0] }),
      },
      body: new Uint8Array(),
    },
    { keys, service: 's3', payload: form, date },
  );
  const isSigned = form.startsWith('STREAMING-AWS4');
  const body = isSigned ? signedChunks(head, { keys, chunks, trailer }) : plainChunks(chunks, trailer);
  return { ...head, body };
}

type Trailer = Chunking['trailer'];

function plainChunks(chunks: readonly Uint8Array[], trailer: Trailer): Buffer {
  const framed = chunks.flatMap((chunk) => [`${chunk.length.toString(16)}\r\n`, chunk, '\r\n']);
  return joined([...framed, '0\r\n', trailer ? `${trailer.join(':')}\r\n` : '', '\r\n']);
}

function signedChunks(
  head: RawRequest,
  { keys, chunks, trailer }: { keys: Keys; chunks: readonly Uint8Array[]; trailer: Trailer },
): Buffer {
  const date = head.headers['x-amz-date'] ?? '';
  const [, scope = '', seed = ''] =
    /Credential=[^/]+\/([^,]+),.*Signature=([0-9a-f]+)/.exec(head.headers.authorization ?? '') ?? [];
  const key = scope
    .split('/')
    .reduce<Buffer>(
      (parent, part) => createHmac('sha256', parent).update(part).digest(),
      Buffer.from(`AWS4${keys.secretAccessKey}`),
    );
  let previous = seed;
  const next = (kind: string, hashes: readonly string[]): string => {
    const text = [`AWS4-HMAC-SHA256-${kind}`, date, scope, previous, ...hashes].join('\n');
    previous = createHmac('sha256', key).update(text).digest('hex');
    return previous;
  };
  const line = (chunk: Uint8Array): string => {
    const signature = next('PAYLOAD', [sha256(''), sha256(chunk)]);
    return `${chunk.length.toString(16)};chunk-signature=${signature}\r\n`;
  };
  const framed = chunks.flatMap((chunk) => [line(chunk), chunk, '\r\n']);
  framed.push(line(new Uint8Array()));
  if (trailer) {
    framed.push(`${trailer.join(':')}\r\n`);
    framed.push(`x-amz-trailer-signature:${next('TRAILER', [sha256(`${trailer.join(':')}\n`)])}\r\n`);
  }
  return joined([...framed, '\r\n']);
}

function joined(pieces: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
}
