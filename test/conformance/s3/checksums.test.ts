import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { crc32 } from 'node:zlib';
import { Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { codeOf, element } from '../../server/client.ts';
import { fileScope } from '../../server/running.ts';
import { type ObjectClient, openObjects, refusalOf } from './object-client.ts';

let client: ObjectClient;
const scope = fileScope(after);
before(async () => {
  client = await openObjects(scope);
});

const body = Buffer.from('what is summed');
const sums: Record<string, () => Promise<Uint8Array> | Uint8Array> = {
  CRC32: () => Buffer.from(crc32(body).toString(16).padStart(8, '0'), 'hex'),
  CRC32C: () => digest(new Crc32c()),
  CRC64NVME: () => digest(new Crc64Nvme()),
  SHA1: () => createHash('sha1').update(body).digest(),
  SHA256: () => createHash('sha256').update(body).digest(),
};

function digest(sum: { update(bytes: Uint8Array): void; digest(): Promise<Uint8Array> }): Promise<Uint8Array> {
  sum.update(body);
  return sum.digest();
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

describe('checksums', () => {
  for (const [algorithm, sum] of Object.entries(sums)) {
    const header = `x-amz-checksum-${algorithm.toLowerCase()}`;

    it(`verifies and returns ${algorithm}`, async () => {
      const bucket = await client.bucket();
      const value = base64(await sum());
      const put = (claimed: string) => client.root.s3('PUT', `/${bucket}/k`, { body, headers: { [header]: claimed } });
      const { status, headers } = await put(value);
      assert.deepEqual([status, headers[header], headers['x-amz-checksum-type']], [200, value, 'FULL_OBJECT']);
      const wrong = await put(base64(Buffer.alloc(Buffer.from(value, 'base64').length, 1)));
      assert.deepEqual([wrong.status, codeOf(wrong)], [400, 'BadDigest']);
      assert.equal(
        element(wrong.text, 'Message'),
        `The ${algorithm} you specified did not match the calculated checksum.`,
      );
      for (const malformed of ['AAA', 'no base64!', '']) {
        const refusal = await put(malformed);
        assert.equal(element(refusal.text, 'Message'), `Value for ${header} header is invalid.`);
      }
      const enabled = { 'x-amz-checksum-mode': 'ENABLED' };
      const got = await client.root.s3('GET', `/${bucket}/k`, { headers: enabled });
      assert.deepEqual([got.headers[header], got.headers['x-amz-checksum-type']], [value, 'FULL_OBJECT']);
      assert.equal((await client.root.s3('HEAD', `/${bucket}/k`, { headers: enabled })).headers[header], value);
      assert.equal((await client.root.s3('GET', `/${bucket}/k`)).headers[header], undefined);
      const part = await client.root.s3('GET', `/${bucket}/k`, { headers: { ...enabled, range: 'bytes=0-3' } });
      assert.deepEqual([part.status, part.headers[header]], [206, undefined]);
    });

    it(`takes ${algorithm} after a stream`, async () => {
      const { s3 } = client;
      const Bucket = await client.bucket();
      const bytes = randomBytes(200_000);
      const Body = Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)]);
      const ContentLength = bytes.length;
      await s3.send(
        new PutObjectCommand({ Bucket, Key: 'k', Body, ContentLength, ChecksumAlgorithm: algorithm as 'CRC32' }),
      );
      const answer = await s3.send(new GetObjectCommand({ Bucket, Key: 'k', ChecksumMode: 'ENABLED' }));
      // The client compares what it reads with the checksum that comes with it.
      assert.ok(answer[`Checksum${algorithm}` as 'ChecksumCRC32']);
      assert.equal(Buffer.from((await answer.Body?.transformToByteArray()) ?? []).equals(bytes), true);
      assert.equal(answer.ContentEncoding, undefined);
    });
  }

  it('holds a body against its MD5', async () => {
    const bucket = await client.bucket();
    const put = (md5: string) => client.root.s3('PUT', `/${bucket}/k`, { body, headers: { 'content-md5': md5 } });
    assert.equal((await put(createHash('md5').update(body).digest('base64'))).status, 200);
    const wrong = await put(createHash('md5').update('other').digest('base64'));
    assert.deepEqual([wrong.status, codeOf(wrong)], [400, 'BadDigest']);
    const malformed = await put('nonsense');
    assert.deepEqual([malformed.status, codeOf(malformed)], [400, 'InvalidDigest']);
    assert.equal((await client.root.s3('GET', `/${bucket}/k`)).text, body.toString());
  });

  it('keeps nothing of a body that is not what was said', async () => {
    const bucket = await client.bucket();
    const large = randomBytes(300_000);
    const headers = { 'x-amz-checksum-crc32': 'AAAAAA==' };
    assert.equal(codeOf(await client.root.s3('PUT', `/${bucket}/k`, { body: large, headers })), 'BadDigest');
    assert.equal(codeOf(await client.root.s3('GET', `/${bucket}/k`)), 'NoSuchKey');
  });

  it('refuses claims that contradict each other', async () => {
    const bucket = await client.bucket();
    const crc = base64(await (sums.CRC32 as () => Uint8Array)());
    const sha = base64(await (sums.SHA1 as () => Uint8Array)());
    const cases: [Record<string, string>, string][] = [
      [
        { 'x-amz-checksum-crc32': crc, 'x-amz-checksum-sha1': sha },
        'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
      ],
      [
        { 'x-amz-checksum-crc32': crc, 'x-amz-sdk-checksum-algorithm': 'SHA1' },
        'Value for x-amz-sdk-checksum-algorithm header is invalid.',
      ],
      [
        { 'x-amz-sdk-checksum-algorithm': 'SHA1' },
        'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
      ],
    ];
    for (const [headers, message] of cases) {
      const answer = await client.root.s3('PUT', `/${bucket}/k`, { body, headers });
      assert.deepEqual([answer.status, codeOf(answer)], [400, 'InvalidRequest']);
      assert.equal(element(answer.text, 'Message'), message);
    }
  });

  it('refuses algorithms that are not served, by name', async () => {
    const Bucket = await client.bucket();
    const put = client.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ChecksumSHA512: 'AAAA' }));
    const { code, message } = await refusalOf(put);
    assert.equal(code, 'NotImplemented');
    assert.match(message, /ChecksumSHA512/);
  });
});
