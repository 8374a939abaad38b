import { promisify } from 'node:util';
import { gunzip as gunzipBuffer } from 'node:zlib';
import { AwsFault } from './fault.ts';
import type { RequestHead } from './message.ts';

const inflate = promisify(gunzipBuffer);

/** SDKs gzip larger PutMetricData requests. @throws AwsFault when the plain body is larger than `limit` bytes or is no gzip. */
export async function gunzip(body: Uint8Array, request: RequestHead, limit: number): Promise<Uint8Array> {
  if (request.headers.get('content-encoding') !== 'gzip') return body;
  try {
    return await inflate(body, { maxOutputLength: limit });
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw tooLarge ? requestTooLarge(limit) : badGzip();
  }
}

export function requestTooLarge(limit: number): AwsFault {
  return new AwsFault({
    code: 'RequestEntityTooLarge',
    status: 413,
    message: `Request size exceeded ${limit} bytes.`,
  });
}

function badGzip(): AwsFault {
  return new AwsFault({
    code: 'SerializationException',
    status: 400,
    message: 'The body is not gzip, though Content-Encoding says so.',
  });
}
