import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { codeOf } from '../../server/client.ts';
import { fileScope } from '../../server/running.ts';
import { callsOf, md5, type ObjectClient, openObjects, refusalOf } from './object-client.ts';

let client: ObjectClient;
const scope = fileScope(after);
before(async () => {
  client = await openObjects(scope);
});

const { put, get, head } = callsOf(() => client);

describe('serialization', () => {
  it('gives headers and metadata back as they were set', async () => {
    const bucket = await client.bucket();
    const headers = {
      CacheControl: 'max-age=60',
      ContentDisposition: 'attachment; filename="a b.txt"',
      ContentEncoding: 'gzip',
      ContentLanguage: 'de, en',
      ContentType: 'text/plain; charset=utf-8',
      WebsiteRedirectLocation: '/elsewhere',
      Metadata: { purpose: 'test', 'other-name': 'A, b; c="d"' },
    };
    await put(bucket, 'described', 'x', { ...headers, StorageClass: 'STANDARD_IA', Expires: new Date(1e12) });
    const { ETag, LastModified, Body, bytes, $metadata, ...answer } = await get(bucket, 'described');
    const expected = {
      ...headers,
      AcceptRanges: 'bytes',
      ContentLength: 1,
      StorageClass: 'STANDARD_IA',
      ServerSideEncryption: 'AES256',
      ChecksumCRC32: 'jNz8wg==',
      ChecksumType: 'FULL_OBJECT',
    };
    const { Expires, ExpiresString, ChecksumCRC32, ...rest } = answer as typeof answer & { ChecksumCRC32: string };
    assert.deepEqual({ ...rest, ChecksumCRC32: 'jNz8wg==' }, expected);
    assert.equal(ExpiresString, 'Sun, 09 Sep 2001 01:46:40 GMT');
    assert.equal(ETag, `"${md5('x')}"`);
    assert.equal(Math.abs(Date.now() - (LastModified?.getTime() ?? 0)) < 60_000, true);
    const { ETag: _, LastModified: __, $metadata: ___, ...described } = await head(bucket, 'described');
    const { ChecksumCRC32: ____, ChecksumType: _____, ...unsummed } = expected;
    const { Expires: ______, ExpiresString: _______, ...plain } = described;
    assert.deepEqual(plain, unsummed);
  });

  it('names the type of what has none, and keeps Expires as it was written', async () => {
    const bucket = await client.bucket();
    const { status } = await client.root.s3('PUT', `/${bucket}/plain`, { body: 'x', headers: { expires: 'never' } });
    assert.equal(status, 200);
    const { headers } = await client.root.s3('GET', `/${bucket}/plain`);
    assert.equal(headers['content-type'], 'binary/octet-stream');
    assert.equal(headers.expires, 'never');
    assert.equal(headers.etag, `"${md5('x')}"`);
    assert.equal(headers['accept-ranges'], 'bytes');
    assert.equal(headers['x-amz-storage-class'], undefined);
    assert.equal(headers['x-amz-version-id'], undefined);
  });

  it('takes any key of up to 1,024 bytes', async () => {
    const bucket = await client.bucket();
    const keys = [
      ...['/', '//', '/leading', 'trailing/', 'a//b', '.', '..', '../up', 'a/../b', './a', 'a/.'],
      ...['%', '%41', '%2F', '+', 'a+b c', ' ', ' a ', '?', '#', '&amp;', '<&>"\'', 'a?b=c&d', ';:@=,$!*()~'],
      ...['é', 'e\u0301', '😀', '日本/語', 'a\nb', 'a\tb', '\u0000', 'a\u0001b', '\\', '|^`{}[]', 'k'.repeat(1024)],
    ];
    for (const key of keys) await put(bucket, key, `content of ${key}`);
    for (const key of keys) {
      const { bytes } = await get(bucket, key);
      assert.equal(bytes.toString(), `content of ${key}`);
    }
    const { Contents = [] } = await client.s3.send(new ListObjectsV2Command({ Bucket: bucket, EncodingType: 'url' }));
    const listed = Contents.map(({ Key = '' }) => decodeURIComponent(Key.replaceAll('+', ' ')));
    assert.deepEqual(new Set(listed), new Set(keys));
    assert.deepEqual(
      listed,
      [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    );
    assert.deepEqual(await refusalOf(put(bucket, `${'k'.repeat(1023)}é`)), {
      ...{ code: 'KeyTooLongError', status: 400, message: 'Your key is too long' },
    });
  });

  it('streams both ways', async () => {
    const bucket = await client.bucket();
    const bytes = randomBytes(5_000_003);
    const chunks = Array.from({ length: 77 }, (_, index) => bytes.subarray(index * 65_536, (index + 1) * 65_536));
    const Body = Readable.from(chunks);
    await client.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'stream', Body, ContentLength: bytes.length }));
    const { ETag, bytes: back } = await get(bucket, 'stream');
    assert.equal(back.equals(bytes), true);
    assert.equal(ETag, `"${md5(bytes)}"`);
  });

  it('keeps an empty object', async () => {
    const bucket = await client.bucket();
    await put(bucket, 'empty', '');
    const { bytes, ContentLength, ETag } = await get(bucket, 'empty');
    assert.deepEqual([bytes.length, ContentLength, ETag], [0, 0, '"d41d8cd98f00b204e9800998ecf8427e"']);
    assert.equal((await refusalOf(get(bucket, 'empty', { Range: 'bytes=0-0' }))).code, 'InvalidRange');
  });
});

describe('validation', () => {
  it('refuses what S3 refuses, in its words', async () => {
    const bucket = await client.bucket();
    await put(bucket, 'here');
    const cases: [() => Promise<unknown>, string, number, string?][] = [
      [() => get(bucket, 'absent'), 'NoSuchKey', 404, 'The specified key does not exist.'],
      [() => get('no-such-bucket-here', 'k'), 'NoSuchBucket', 404, 'The specified bucket does not exist'],
      [() => put('no-such-bucket-here', 'k'), 'NoSuchBucket', 404],
      [() => head(bucket, 'absent'), 'NotFound', 404],
      [() => get(bucket, 'here', { VersionId: 'x' }), 'InvalidArgument', 400, 'Invalid version id specified'],
      [() => get(bucket, 'here', { VersionId: 'A'.repeat(32) }), 'NoSuchVersion', 404],
      [() => get(bucket, 'here', { Range: 'bytes=5-' }), 'InvalidRange', 416],
      [() => get(bucket, 'here', { PartNumber: 2 }), 'InvalidPartNumber', 416],
      [() => get(bucket, 'here', { PartNumber: 1, Range: 'bytes=0-1' }), 'InvalidRequest', 400],
      [() => put(bucket, 'k', 'x', { SSEKMSKeyId: 'key' }), 'NotImplemented', 501],
      [() => put(bucket, 'k', 'x', { StorageClass: 'CHEAP' }), 'InvalidStorageClass', 400],
      [() => put(bucket, 'k', 'x', { Metadata: { long: 'v'.repeat(2048) } }), 'MetadataTooLarge', 400],
      [() => put(bucket, 'k', 'x', { Tagging: 'a=1&a=2' }), 'InvalidTag', 400],
      [() => put(bucket, 'k', 'x', { ExpectedBucketOwner: '111111111111' }), 'AccessDenied', 403],
    ];
    for (const [call, code, status, message] of cases) {
      const refusal = await refusalOf(call());
      assert.deepEqual([refusal.code, refusal.status], [code, status], `${code}: ${JSON.stringify(refusal)}`);
      if (message !== undefined) assert.equal(refusal.message, message);
    }
  });

  it('says how long an object is where a range ends', async () => {
    const bucket = await client.bucket();
    await put(bucket, 'five');
    const { status, headers, text } = await client.root.s3('GET', `/${bucket}/five`, {
      headers: { range: 'bytes=7-9' },
    });
    assert.equal(status, 416);
    assert.equal(headers['content-range'], 'bytes */5');
    assert.match(text, /<RangeRequested>bytes=7-9<\/RangeRequested><ActualObjectSize>5<\/ActualObjectSize>/);
  });

  it('wants to know the length of a body', async () => {
    const bucket = await client.bucket();
    const url = await getSignedUrl(client.s3, new PutObjectCommand({ Bucket: bucket, Key: 'chunked' }));
    const answer = await fetch(url, {
      method: 'PUT',
      body: Readable.toWeb(Readable.from(['x'])),
      duplex: 'half',
    } as never);
    assert.equal(answer.status, 501);
    assert.match(await answer.text(), /<Code>NotImplemented<\/Code>.*<Header>Transfer-Encoding<\/Header>/s);
  });

  it('refuses headers of an answer that no header can carry', async () => {
    const bucket = await client.bucket();
    await put(bucket, 'here');
    const answer = await client.root.s3('GET', `/${bucket}/here?response-content-type=a%0Ab`);
    assert.deepEqual([answer.status, codeOf(answer)], [400, 'InvalidArgument']);
  });
});
