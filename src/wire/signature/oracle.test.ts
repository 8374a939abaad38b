import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { AwsFault } from '../fault.ts';
import type { RequestHead } from '../message.ts';
import { readSignature } from './claim.ts';
import { headOf } from './testing/heads.ts';
import { createVerifier } from './verify.ts';

const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const secret = credentials.secretAccessKey;
const now = new Date('2026-03-01T12:00:00Z');
const hashText = (text: string): string => createHash('sha256').update(text).digest('hex');
const verifier = createVerifier();

/** SHA-256 as the signer wants it. */
class Sha256 {
  #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;
  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', Buffer.from(key as string));
  }
  update(data: Uint8Array | string): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

type Family = 's3' | 'other';

function signerFor(family: Family): SignatureV4 {
  return new SignatureV4({
    credentials,
    region: 'eu-central-1',
    service: family === 's3' ? 's3' : 'iam',
    sha256: Sha256,
    uriEscapePath: family !== 's3',
    applyChecksum: family === 's3',
  });
}

/** As SDKs write it into the URL. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

const text = fc.string({
  unit: fc.constantFrom('a', 'Z', '9', ' ', '+', '%', '~', '/', '.', '=', '&', 'é', '犬', '🐕', "'", '*'),
  maxLength: 8,
});
const value = fc
  .string({ unit: fc.constantFrom('a', 'B', ' ', '\t', '=', ',', '"', ';'), maxLength: 12 })
  .map((v) => v.trim());
const samples = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE'),
  segments: fc.array(text, { maxLength: 4 }),
  query: fc.dictionary(
    text.filter((name) => name !== ''),
    fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 })),
    { maxKeys: 4 },
  ),
  headers: fc.dictionary(fc.constantFrom('x-amz-meta-a', 'content-type', 'x-other', 'range'), value, { maxKeys: 3 }),
  body: fc.string({ maxLength: 20 }),
  family: fc.constantFrom<Family>('s3', 'other'),
});
type Sample = typeof samples extends fc.Arbitrary<infer T> ? T : never;

function requestOf({ method, segments, query, headers, body }: Sample) {
  return {
    method,
    protocol: 'http:',
    hostname: '127.0.0.1',
    path: `/${segments.map(encode).join('/')}`,
    query,
    headers: { host: '127.0.0.1:4566', ...headers },
    body,
  };
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query?: Record<string, string | readonly string[] | null>;
  readonly headers: Record<string, string>;
}

function received({ method, path, query = {}, headers }: Sent): RequestHead {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    [values ?? ''].flat().map((one) => `${encode(name)}=${encode(one)}`),
  );
  const target = pairs.length > 0 ? `${path}?${pairs.join('&')}` : path;
  return headOf({ method, target, headers: Object.entries(headers) });
}

function verify(
  head: RequestHead,
  { family, body, key = secret, at = now }: { family: Family; body: string; key?: string; at?: Date },
): void {
  const claim = readSignature(head);
  assert.ok(claim);
  verifier.verify(head, claim, { secret: key, now: at, family, bodyHash: hashText(body) });
}

function codeOf(run: () => void): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof AwsFault, String(error));
    assert.ok(!JSON.stringify([error.message, error.fields]).includes(secret));
    return error.code;
  }
  return 'accepted';
}

const withHeader = (head: RequestHead, name: string, change: (value: string) => string): RequestHead =>
  headOf({
    method: head.method,
    target: head.rawQuery === '' ? head.rawPath : `${head.rawPath}?${head.rawQuery}`,
    headers: head.rawHeaders.map(([key, value]) => [key, key === name ? change(value) : value]),
  });

test('what the SDK signs is accepted; with one thing changed it is refused', async () => {
  await fc.assert(
    fc.asyncProperty(samples, async (sample) => {
      const { family, body } = sample;
      const head = received((await signerFor(family).sign(requestOf(sample), { signingDate: now })) as Sent);
      verify(head, { family, body });

      const changed = (change: Partial<RequestHead>): string =>
        codeOf(() => verify({ ...head, ...change }, { family, body }));
      const mismatch = 'SignatureDoesNotMatch';
      assert.equal(changed({ rawPath: `${head.rawPath}x` }), mismatch);
      assert.equal(changed({ rawQuery: `${head.rawQuery}&x=1` }), mismatch);
      assert.equal(changed({ method: 'PATCH' }), mismatch);
      assert.equal(
        codeOf(() => verify(head, { family, body, key: `${secret}x` })),
        mismatch,
      );
      const otherBody = family === 's3' ? 'XAmzContentSHA256Mismatch' : mismatch;
      assert.equal(
        codeOf(() => verify(head, { family, body: `${body}x` })),
        otherBody,
      );
      assert.equal(
        codeOf(() =>
          verify(
            withHeader(head, 'host', () => 'elsewhere'),
            { family, body },
          ),
        ),
        mismatch,
      );
      const later = withHeader(head, 'x-amz-date', () => '20260301T120001Z');
      assert.equal(
        codeOf(() => verify(later, { family, body })),
        mismatch,
      );
      for (const name of Object.keys(sample.headers)) {
        assert.equal(
          codeOf(() =>
            verify(
              withHeader(head, name, (v) => `${v}x`),
              { family, body },
            ),
          ),
          mismatch,
          name,
        );
      }
      const late = new Date(now.getTime() + 15 * 60_000 + 1000);
      assert.equal(
        codeOf(() => verify(head, { family, body, at: late })),
        family === 's3' ? 'RequestTimeTooSkewed' : mismatch,
      );
      const early = new Date(now.getTime() - 15 * 60_000 - 1000);
      assert.equal(
        codeOf(() => verify(head, { family, body, at: early })),
        family === 's3' ? 'RequestTimeTooSkewed' : mismatch,
      );
      verify(head, { family, body, at: new Date(now.getTime() + 15 * 60_000) });
    }),
    { numRuns: 150 },
  );
});

test('what the SDK presigns is accepted until it expires; with one thing changed it is refused', async () => {
  await fc.assert(
    fc.asyncProperty(samples, fc.integer({ min: 1, max: 604_800 }), async (sample, expiresIn) => {
      const { family } = sample;
      const body = family === 's3' ? '' : sample.body;
      const request = requestOf(sample);
      if (family === 's3') Object.assign(request.headers, { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' });
      const signed = await signerFor(family).presign(request, { signingDate: now, expiresIn });
      const head = received(signed as Sent);
      verify(head, { family, body });

      const at = (ms: number): string => codeOf(() => verify(head, { family, body, at: new Date(now.getTime() + ms) }));
      const mismatch = 'SignatureDoesNotMatch';
      assert.equal(at(expiresIn * 1000), 'accepted');
      assert.equal(at(expiresIn * 1000 + 1), family === 's3' ? 'AccessDenied' : mismatch);
      assert.equal(at(-15 * 60_000 - 1000), family === 's3' ? 'AccessDenied' : mismatch);
      const changed = (change: Partial<RequestHead>): string =>
        codeOf(() => verify({ ...head, ...change }, { family, body }));
      assert.equal(changed({ rawPath: `${head.rawPath}x` }), mismatch);
      assert.equal(changed({ rawQuery: `${head.rawQuery}&x=1` }), mismatch);
      const longer = head.rawQuery.replace(/X-Amz-Expires=\d+/, `X-Amz-Expires=${expiresIn === 604_800 ? 9 : 604_800}`);
      assert.equal(changed({ rawQuery: longer }), mismatch);
      assert.equal(
        codeOf(() => verify(head, { family, body, key: `${secret}x` })),
        mismatch,
      );
    }),
    { numRuns: 150 },
  );
});

test('escapes in lower case, plus signs and the order of parameters make no difference', async () => {
  const request = {
    ...requestOf({ method: 'GET', segments: ['b', 'é 1'], query: {}, headers: {}, body: '', family: 's3' }),
    query: { b: ['2', '1'], a: 'x y', e: '' },
  };
  const head = received((await signerFor('s3').sign(request, { signingDate: now })) as Sent);
  const changed = { ...head, rawPath: '/b/%c3%a9%201', rawQuery: 'e&a=x+y&b=1&b=2' };
  verify(changed, { family: 's3', body: '' });
});
