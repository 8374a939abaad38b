import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { AwsFault } from '../fault.ts';
import { readBody } from './body.ts';
import { readSignature } from './claim.ts';
import { headOf } from './testing/heads.ts';
import { createVerifier, type Verified } from './verify.ts';

const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

type Pairs = readonly (readonly [string, string])[];

async function* pieces(body: Buffer, cuts: readonly number[] = []): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const cut of [...cuts, body.length]) {
    if (cut > from) yield body.subarray(from, cut);
    from = cut;
  }
}

async function read(
  body: Buffer,
  { headers, verified, cuts }: { headers: Pairs; verified?: Verified; cuts?: readonly number[] },
): Promise<{ content: Buffer; trailers: Record<string, string>; length?: number }> {
  const result = readBody(pieces(body, cuts ?? []), { head: headOf({ method: 'PUT', headers }), verified });
  const parts: Uint8Array[] = [];
  for await (const part of result) parts.push(part);
  return { content: Buffer.concat(parts), trailers: Object.fromEntries(result.trailers), length: result.length! };
}

async function refusal(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
  } catch (error) {
    assert.ok(error instanceof AwsFault, String((error as Error).stack));
    return error.code;
  }
  return 'accepted';
}

/** The two examples of the S3 documentation, sigv4-streaming.html and sigv4-streaming-trailers.html. */
const examples = {
  plain: {
    kind: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    seed: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
    signed:
      'content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class',
    extra: [
      ['Content-Length', '66824'],
      ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
    ],
    chunks: [
      'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
      '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
      'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
    ],
    end: '\r\n',
  },
  trailer: {
    kind: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
    seed: '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
    signed:
      'content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer',
    extra: [
      ['x-amz-trailer', 'x-amz-checksum-crc32c'],
      ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
    ],
    chunks: [
      'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
      '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
      '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
    ],
    end: 'x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n',
  },
} as const;

function exampleHead({ kind, seed, signed, extra }: (typeof examples)[keyof typeof examples]): Pairs {
  return [
    ['Host', 's3.amazonaws.com'],
    ['x-amz-date', '20130524T000000Z'],
    ['x-amz-content-sha256', kind],
    ['Content-Encoding', 'aws-chunked'],
    ['x-amz-decoded-content-length', '66560'],
    ...extra,
    [
      'Authorization',
      `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signed},Signature=${seed}`,
    ],
  ];
}

function exampleBody({ chunks, end }: (typeof examples)[keyof typeof examples], sizes = [65_536, 1024, 0]): Buffer {
  const parts = sizes.map((size, index) => {
    const line = `${size.toString(16)};chunk-signature=${chunks[index]}\r\n`;
    return size === 0 ? line : `${line}${'a'.repeat(size)}\r\n`;
  });
  return Buffer.from(`${parts.join('')}${end}`);
}

function verifiedExample(example: (typeof examples)[keyof typeof examples]): { headers: Pairs; verified: Verified } {
  const headers = exampleHead(example);
  const head = headOf({ method: 'PUT', target: '/examplebucket/chunkObject.txt', headers });
  const now = new Date('2013-05-24T00:00:00Z');
  const verified = createVerifier().verify(head, readSignature(head)!, { secret, now, family: 's3' });
  return { headers, verified };
}

describe('signed chunks', () => {
  test("are those of AWS's examples", async () => {
    const plain = await read(exampleBody(examples.plain), verifiedExample(examples.plain));
    assert.equal(plain.content.toString(), 'a'.repeat(66_560));
    assert.equal(plain.length, 66_560);
    const trailer = await read(exampleBody(examples.trailer), verifiedExample(examples.trailer));
    assert.equal(trailer.content.length, 66_560);
    assert.deepEqual(trailer.trailers, { 'x-amz-checksum-crc32c': 'sOO8/Q==' });
    const documented = Buffer.from(exampleBody(examples.trailer).toString().replace('sOO8/Q==\r\n', 'sOO8/Q==\n\r\n'));
    assert.equal((await read(documented, verifiedExample(examples.trailer))).content.length, 66_560);
  });

  test('are refused when data, signature, order or trailer was changed, or the end is missing', async () => {
    for (const example of Object.values(examples)) {
      const body = exampleBody(example);
      const code = (change: (body: Buffer) => Buffer) =>
        refusal(() => read(change(Buffer.from(body)), verifiedExample(example)));
      const put = (at: number, text: string) => (copy: Buffer) => {
        copy.write(text, at);
        return copy;
      };
      assert.equal(await code((copy) => copy), 'accepted');
      assert.equal(await code(put(1000, 'b')), 'SignatureDoesNotMatch');
      assert.equal(await code(put(body.indexOf('\r\n400;') + 200, 'b')), 'SignatureDoesNotMatch');
      assert.equal(await code(put(30, body[30] === 0x30 ? '1' : '0')), 'SignatureDoesNotMatch');
      const last = body.indexOf('\r\n0;') + 2;
      assert.equal(await code((copy) => copy.subarray(0, last)), 'IncompleteBody');
      assert.equal(await code((copy) => copy.subarray(0, -2)), 'IncompleteBody');
      // The chunk of no bytes signs the end: data can't be left out before it.
      const second = body.indexOf('\r\n400;') + 2;
      const shortened = await code((copy) => Buffer.concat([copy.subarray(0, second), copy.subarray(last)]));
      assert.equal(shortened, 'SignatureDoesNotMatch');
    }
    const { headers, verified } = verifiedExample(examples.trailer);
    const forged = Buffer.from(exampleBody(examples.trailer).toString().replace('sOO8/Q==', 'sOO8/A=='));
    assert.equal(await refusal(() => read(forged, { headers, verified })), 'SignatureDoesNotMatch');
    const unsigned = Buffer.from(
      exampleBody(examples.trailer)
        .toString()
        .replace(/x-amz-trailer-signature:.*\r\n/, ''),
    );
    assert.equal(await refusal(() => read(unsigned, { headers, verified })), 'MalformedTrailerError');
    const anonymous = await refusal(() => read(exampleBody(examples.plain), { headers: exampleHead(examples.plain) }));
    assert.equal(anonymous, 'InvalidRequest');
  });

  test('of any sizes, cut anywhere, are those that the rule makes', async () => {
    const { headers, verified } = verifiedExample(examples.plain);
    const key = ['20130524', 'us-east-1', 's3', 'aws4_request'].reduce<Buffer>(
      (parent, part) => createHmac('sha256', parent).update(part).digest(),
      Buffer.from(`AWS4${secret}`),
    );
    const empty = createHash('sha256').digest('hex');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 8192, max: 9000 }), { maxLength: 3 }),
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.nat(30_000), { maxLength: 20 }),
        async (sizes, lastSize, cuts) => {
          let previous: string = examples.plain.seed;
          const framed = [...sizes, lastSize, 0].map((size, index) => {
            const data = Buffer.alloc(size, index + 65);
            const hash = createHash('sha256').update(data).digest('hex');
            const scope = '20130524/us-east-1/s3/aws4_request';
            const text = `AWS4-HMAC-SHA256-PAYLOAD\n20130524T000000Z\n${scope}\n${previous}\n${empty}\n${hash}`;
            previous = createHmac('sha256', key).update(text).digest('hex');
            return Buffer.concat([
              Buffer.from(`${size.toString(16)};chunk-signature=${previous}\r\n`),
              data,
              Buffer.from('\r\n'),
            ]);
          });
          const body = Buffer.concat(framed);
          const length = sizes.reduce((sum, size) => sum + size, lastSize);
          const told = headers.map(([name, value]) => [name, name.includes('decoded') ? `${length}` : value] as const);
          const sorted = cuts.map((cut) => cut % body.length).sort((a, b) => a - b);
          assert.equal((await read(body, { headers: told, verified, cuts: sorted })).content.length, length);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('unsigned chunks with a trailer', () => {
  const headersFor = (length: number, trailer = 'x-amz-checksum-crc32'): Pairs => [
    ['x-amz-content-sha256', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'],
    ['x-amz-decoded-content-length', String(length)],
    ['x-amz-trailer', trailer],
  ];
  const crc = 'x-amz-checksum-crc32:AAAAAA==\r\n\r\n';
  const refused = (body: string, length: number, trailer?: string) =>
    refusal(() => read(Buffer.from(body, 'latin1'), { headers: headersFor(length, trailer) }));

  test('are the same wherever the body is cut', async () => {
    const content = Buffer.concat([Buffer.alloc(8192, 'ab\r\n'), Buffer.from('0\r\n\r\nlast')]);
    const body = Buffer.concat([
      Buffer.from('2000\r\n'),
      content.subarray(0, 8192),
      Buffer.from('\r\n9\r\n'),
      content.subarray(8192),
      Buffer.from(`\r\n0\r\n${crc}`),
    ]);
    const edges = [...Array(20).keys(), ...Array.from({ length: 70 }, (_, index) => body.length - index - 1)];
    for (const cut of edges) {
      const result = await read(body, { headers: headersFor(8201), cuts: [cut] });
      assert.deepEqual(result.content, content, `cut at ${cut}`);
      assert.deepEqual(result.trailers, { 'x-amz-checksum-crc32': 'AAAAAA==' });
    }
    const everyByte = Array.from(body.keys());
    assert.deepEqual((await read(body, { headers: headersFor(8201), cuts: everyByte })).content, content);
  });

  test('may be none, and may have no trailer', async () => {
    assert.equal((await read(Buffer.from(`0\r\n${crc}`), { headers: headersFor(0) })).content.length, 0);
    assert.equal((await read(Buffer.from('1\r\na\r\n0\r\n\r\n'), { headers: headersFor(1, '') })).content.length, 1);
  });

  test('are never read past their end nor taken for whole when they are not', async () => {
    const whole = `3\r\nabc\r\n0\r\n${crc}`;
    assert.equal(await refused(whole, 3), 'accepted');
    for (let end = 0; end < whole.length; end++)
      assert.equal(await refused(whole.slice(0, end), 3), 'IncompleteBody', `${end}`);
    assert.equal(await refused(whole, 4), 'IncompleteBody');
    assert.equal(await refused(whole, 2), 'IncompleteBody');
    assert.equal(await refused(`${whole}x`, 3), 'IncompleteBody');
    assert.equal(await refused(`${whole}x\r\n\r\n`, 3), 'MalformedTrailerError');
    assert.equal(await refused(whole.replace('crc32', 'crc32c'), 3), 'MalformedTrailerError');
    assert.equal(await refused(whole.replace(crc, '\r\n'), 3), 'MalformedTrailerError');
    assert.equal(await refused(whole.replace(crc, `x-amz-checksum-crc32:BB==\r\n${crc}`), 3), 'MalformedTrailerError');
    assert.equal(await refused(whole.replace('AAAA', 'A'.repeat(20_000)), 3), 'MalformedTrailerError');
    assert.equal(await refused('3\r\nabcd\r\n0\r\n\r\n', 4), 'InvalidRequest');
    assert.equal(await refused('3\nabc\r\n0\r\n\r\n', 3), 'InvalidRequest');
    assert.equal(await refused('-3\r\nabc\r\n', 3), 'InvalidRequest');
    assert.equal(await refused('fffffffffffff\r\nabc\r\n', 3), 'InvalidRequest');
    assert.equal(await refused('ffffffffffff\r\nabc\r\n', 3), 'IncompleteBody');
    assert.equal(await refused(`3${' '.repeat(600)}\r\nabc`, 3), 'InvalidRequest');
    assert.equal(await refused('0'.repeat(10_000), 3), 'InvalidRequest');
    assert.equal(await refused(`1\r\na\r\n1\r\nb\r\n0\r\n${crc}`, 2), 'InvalidChunkSizeError');
  });

  test('need the decoded length', async () => {
    const [kind, , trailer] = headersFor(1);
    assert.equal(await refusal(() => read(Buffer.alloc(0), { headers: [kind!, trailer!] })), 'MissingContentLength');
    const bad: Pairs = [kind!, trailer!, ['x-amz-decoded-content-length', '-1']];
    assert.equal(await refusal(() => read(Buffer.alloc(0), { headers: bad })), 'InvalidArgument');
  });

  test('of any bytes are decoded or refused, never anything else', async () => {
    const bytes = fc.array(
      fc.constantFrom('0', '2', 'a', '\r', '\n', '\r\n', ';', ':', 'x-amz-checksum-crc32', '\0', 'ÿ'),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.nat(20), async (parts, length) => {
        await refused(parts.join(''), length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('plain bodies', () => {
  const hello = Buffer.from('hello');
  const sha256 = createHash('sha256').update(hello).digest('hex');

  test('are compared with their hash and length', async () => {
    const headers: Pairs = [
      ['x-amz-content-sha256', sha256],
      ['content-length', '5'],
    ];
    assert.equal((await read(hello, { headers })).length, 5);
    assert.equal(await refusal(() => read(Buffer.from('hallo'), { headers })), 'XAmzContentSHA256Mismatch');
    assert.equal(await refusal(() => read(Buffer.from('hell'), { headers })), 'IncompleteBody');
    assert.equal((await read(hello, { headers: [['x-amz-content-sha256', 'UNSIGNED-PAYLOAD']] })).content.length, 5);
    assert.equal((await read(hello, { headers: [] })).content.length, 5);
  });

  test('whose connection breaks are incomplete, and the source is left open', async () => {
    let isClosed = false;
    async function* broken(): AsyncGenerator<Uint8Array> {
      try {
        yield hello;
        throw new Error('aborted');
      } finally {
        isClosed = true;
      }
    }
    const body = readBody(broken(), { head: headOf({ headers: [] }) });
    const all = async (): Promise<void> => {
      for await (const _ of body);
    };
    assert.equal(await refusal(all), 'IncompleteBody');
    isClosed = false;
    for await (const _ of readBody(broken(), { head: headOf({ headers: [] }) })) break;
    assert.equal(isClosed, false);
  });
});

test('a body that the store hashes is compared with its signature without hashing it twice', async () => {
  const body = Buffer.from('a picture');
  const signed = createHash('sha256').update(body).digest('hex');
  const headers: Pairs = [
    ['content-length', String(body.length)],
    ['x-amz-content-sha256', signed],
  ];
  const { unhashed } = readBody(pieces(body), { head: headOf({ method: 'PUT', headers }) });
  const parts: Uint8Array[] = [];
  for await (const part of unhashed!.pieces) parts.push(part);
  assert.deepEqual(Buffer.concat(parts), body);
  unhashed!.check(signed);
  assert.equal(await refusal(async () => unhashed!.check(signed.replace(/^./, 'x'))), 'XAmzContentSHA256Mismatch');
  const unsigned: Pairs = [['x-amz-content-sha256', 'UNSIGNED-PAYLOAD']];
  assert.equal(readBody(pieces(body), { head: headOf({ method: 'PUT', headers: unsigned }) }).unhashed, undefined);
});
