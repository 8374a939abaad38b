import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { request } from 'node:http';
import { SignatureV4 } from '@smithy/signature-v4';
import { userError } from '../../errors/index.ts';
import type { LocalServer } from './find-server.ts';

export interface Call {
  /** Service in the credential scope: `logs`, `whippet`. */
  readonly service: string;
  readonly method: 'GET' | 'POST';
  /** Path without query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds without a byte before it is given up. Default: none. */
  readonly timeout?: number;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * One request to a local server, signed with the root key. Over node:http, as `fetch` may be told by the environment to go through a proxy.
 * @throws WhippetError WHIPPET_SERVER_UNANSWERED; AbortError.
 */
export async function signedCall(server: LocalServer, call: Call): Promise<Answer> {
  try {
    return await exchange(server, call);
  } catch (error) {
    if (call.signal?.aborted) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ECONNREFUSED' ? 'nothing listens there' : message;
    throw userError('WHIPPET_SERVER_UNANSWERED', { url: server.url, pid: server.pid, reason }, error);
  }
}

async function exchange({ url, region, credentials }: LocalServer, call: Call): Promise<Answer> {
  const { hostname, port, host } = new URL(url);
  const signer = new SignatureV4({ service: call.service, region, credentials, sha256: Sha256 });
  const { headers } = await signer.sign({
    method: call.method,
    protocol: 'http:',
    hostname,
    port: Number(port),
    path: call.path,
    query: {},
    headers: { host, ...call.headers },
    ...(call.body !== undefined && { body: call.body }),
  });
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        ...{
          host: hostname.replace(/^\[|\]$/g, ''),
          port,
          path: call.path,
          method: call.method,
          headers,
          agent: false,
        },
        ...(call.signal && { signal: call.signal }),
        ...(call.timeout !== undefined && { timeout: call.timeout }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${(call.timeout ?? 0) / 1000} s`)));
    outgoing.on('error', reject);
    outgoing.end(call.body);
  });
}

type Bytes = string | ArrayBuffer | ArrayBufferView;

/** SHA-256 and its HMAC in the shape that the signer takes. */
class Sha256 {
  readonly #secret: Bytes | undefined;
  #hash: Hash | Hmac;

  constructor(secret?: Bytes) {
    this.#secret = secret;
    this.#hash = this.#fresh();
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    this.#hash = this.#fresh();
  }

  #fresh(): Hash | Hmac {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(this.#secret));
  }
}

function bytesOf(data: Bytes): Uint8Array | string {
  if (typeof data === 'string') return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
