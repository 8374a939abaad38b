/**
 * Raw requests, signed by the AWS SDK's signer and sent by node:http: what a client does, with each step open to be done wrong.
 */
import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface RawRequest {
  readonly method: string;
  /** Path and query as they go over the wire. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Signing {
  readonly keys: Keys;
  /** `s3`, `iam`, `sts`, `logs`, `monitoring`, `whippet`. */
  readonly service: string;
  readonly region?: string;
  readonly date?: Date;
  /** S3: value of x-amz-content-sha256; the body's hash unless given. */
  readonly payload?: string;
}

export function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

/** SHA-256 in the shape that the SDK wants. */
class Sha256 {
  readonly #hash;
  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(key));
  }
  update(data: Uint8Array | string): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

function bytesOf(key: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof key === 'string') return Buffer.from(key);
  return ArrayBuffer.isView(key) ? new Uint8Array(key.buffer, key.byteOffset, key.byteLength) : new Uint8Array(key);
}

function signerOf({ keys, service, region = 'us-east-1' }: Signing): SignatureV4 {
  const isS3 = service === 's3';
  return new SignatureV4({
    ...{ credentials: keys, region, service, sha256: Sha256 },
    ...{ uriEscapePath: !isS3, applyChecksum: isS3 },
  });
}

/** The request with its signature in the Authorization header. */
export async function signed(request: RawRequest, signing: Signing): Promise<RawRequest> {
  const { service, payload, date = new Date() } = signing;
  const own = service === 's3' && payload !== undefined ? { 'x-amz-content-sha256': payload } : {};
  const asked = sdkRequest({ ...request, headers: { ...request.headers, ...own } });
  const { headers } = await signerOf(signing).sign(asked, { signingDate: date });
  return { ...request, headers };
}

/** The request with its signature in the URL. */
export async function presigned(
  request: RawRequest,
  { expiresIn = 300, ...signing }: Signing & { readonly expiresIn?: number },
): Promise<RawRequest> {
  const { service, date = new Date() } = signing;
  const own = service === 's3' ? { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } : {};
  const asked = sdkRequest({ ...request, headers: { ...request.headers, ...own } });
  const { query } = await signerOf(signing).presign(asked, { signingDate: date, expiresIn });
  const pairs = Object.entries(query ?? {}).map(
    ([name, value]) => `${percentEncode(name)}=${percentEncode(String(value ?? ''))}`,
  );
  return { ...request, target: `${request.target.split('?')[0]}?${pairs.join('&')}` };
}

/** As boto3 presigns for S3 in us-east-1. https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html */
export function presignedV2(request: RawRequest, { keys, expires }: { keys: Keys; expires: Date }): RawRequest {
  const seconds = Math.floor(expires.getTime() / 1000);
  const path = request.target.split('?')[0];
  const token = keys.sessionToken === undefined ? '' : `x-amz-security-token:${keys.sessionToken}\n`;
  const text = `${request.method}\n\n${request.headers['content-type'] ?? ''}\n${seconds}\n${token}${path}`;
  const signature = createHmac('sha1', keys.secretAccessKey).update(text).digest('base64');
  const parameters = {
    AWSAccessKeyId: keys.accessKeyId,
    Signature: signature,
    Expires: `${seconds}`,
    ...(keys.sessionToken !== undefined && { 'x-amz-security-token': keys.sessionToken }),
  };
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${percentEncode(value)}`);
  return { ...request, target: `${path}?${query.join('&')}` };
}

function sdkRequest({ method, target, headers, body }: RawRequest) {
  const [path = '/', rawQuery = ''] = target.split(/\?(.*)/s);
  const query: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(rawQuery)) {
    const before = query[name];
    query[name] = before === undefined ? value : [before, value].flat();
  }
  return { method, protocol: 'http:', hostname: headers.host?.split(':')[0] ?? '', path, query, headers, body };
}

/** RFC 3986, as AWS escapes. Halves of surrogates become U+FFFD. */
export function percentEncode(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString()).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
