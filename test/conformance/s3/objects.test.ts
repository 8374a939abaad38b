import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { assumeNewRole, codeOf, statement } from '../../server/client.ts';
import { fileScope } from '../../server/running.ts';
import { answerOf, type ObjectClient, openObjects, refusalOf } from './object-client.ts';

let client: ObjectClient;
const scope = fileScope(after);
before(async () => {
  client = await openObjects(scope);
});

const md5 = (bytes: string | Uint8Array): string => createHash('md5').update(bytes).digest('hex');

async function put(Bucket: string, Key: string, Body: string | Uint8Array = 'hello', more: object = {}) {
  return client.s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
}

async function get(Bucket: string, Key: string, more: object = {}) {
  const answer = await client.s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...answer, bytes: Buffer.from((await answer.Body?.transformToByteArray()) ?? []) };
}

const head = (Bucket: string, Key: string, more: object = {}) =>
  client.s3.send(new HeadObjectCommand({ Bucket, Key, ...more }));

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

describe('reading', () => {
  it('gives ranges', async () => {
    const bucket = await client.bucket();
    await put(bucket, 'digits', '0123456789');
    const ranges: [string, string, string | undefined][] = [
      ['bytes=0-3', '0123', 'bytes 0-3/10'],
      ['bytes=7-', '789', 'bytes 7-9/10'],
      ['bytes=-2', '89', 'bytes 8-9/10'],
      ['bytes=-20', '0123456789', 'bytes 0-9/10'],
      ['bytes=8-100', '89', 'bytes 8-9/10'],
      ['bytes=3-2', '0123456789', undefined],
      ['bytes=0-1,4-5', '0123456789', undefined],
      ['lines=0-1', '0123456789', undefined],
    ];
    for (const [Range, content, ContentRange] of ranges) {
      const answer = await get(bucket, 'digits', { Range });
      assert.deepEqual([answer.bytes.toString(), answer.ContentRange], [content, ContentRange]);
      assert.equal(answer.$metadata.httpStatusCode, ContentRange === undefined ? 200 : 206);
      const described = await head(bucket, 'digits', { Range });
      assert.deepEqual([described.ContentLength, described.ContentRange], [content.length, ContentRange]);
    }
  });

  it('reads under conditions', async () => {
    const bucket = await client.bucket();
    const { ETag } = await put(bucket, 'k');
    const { LastModified = new Date() } = await head(bucket, 'k');
    const before = new Date(LastModified.getTime() - 1000);
    const answered = [
      { IfMatch: ETag },
      { IfMatch: '*' },
      { IfNoneMatch: '"other"' },
      { IfModifiedSince: before },
      { IfUnmodifiedSince: LastModified },
      { IfMatch: ETag, IfUnmodifiedSince: before },
      { IfNoneMatch: '"other"', IfModifiedSince: LastModified },
      { IfModifiedSince: new Date(Date.now() + 1e9) },
    ];
    for (const condition of answered) assert.equal((await get(bucket, 'k', condition)).bytes.toString(), 'hello');
    for (const condition of [{ IfMatch: '"other"' }, { IfUnmodifiedSince: before }]) {
      assert.deepEqual(await refusalOf(get(bucket, 'k', condition)), {
        ...{ code: 'PreconditionFailed', status: 412 },
        message: 'At least one of the pre-conditions you specified did not hold',
      });
    }
    for (const condition of [{ IfNoneMatch: ETag }, { IfModifiedSince: LastModified }]) {
      assert.equal((await refusalOf(get(bucket, 'k', condition))).status, 304);
      assert.equal((await refusalOf(head(bucket, 'k', condition))).status, 304);
    }
  });

  it('answers with headers of the client’s choice', async () => {
    const bucket = await client.bucket();
    await put(bucket, 'k', 'x', { ContentType: 'text/plain' });
    const chosen = await get(bucket, 'k', {
      ResponseCacheControl: 'no-store',
      ResponseContentDisposition: 'inline',
      ResponseContentEncoding: 'identity',
      ResponseContentLanguage: 'fr',
      ResponseContentType: 'application/json',
    });
    assert.deepEqual(
      [chosen.CacheControl, chosen.ContentDisposition, chosen.ContentEncoding, chosen.ContentLanguage],
      ['no-store', 'inline', 'identity', 'fr'],
    );
    assert.equal(chosen.ContentType, 'application/json');
  });

  it('gives attributes', async () => {
    const bucket = await client.bucket();
    await put(bucket, 'k', 'hello', { ChecksumAlgorithm: 'SHA256' });
    const answer = await client.s3.send(
      new GetObjectAttributesCommand({
        Bucket: bucket,
        Key: 'k',
        ObjectAttributes: ['ETag', 'Checksum', 'ObjectParts', 'ObjectSize', 'StorageClass'],
      }),
    );
    const { LastModified, ...members } = answerOf(answer);
    assert.deepEqual(members, {
      ETag: md5('hello'),
      Checksum: {
        ChecksumSHA256: createHash('sha256').update('hello').digest('base64'),
        ChecksumType: 'FULL_OBJECT',
      },
      ObjectSize: 5,
      StorageClass: 'STANDARD',
    });
    assert.ok(LastModified);
  });
});

describe('writing', () => {
  it('writes under conditions, and one of many who want a key to be new', async () => {
    const bucket = await client.bucket();
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => put(bucket, 'k', `writer ${index}`, { IfNoneMatch: '*' })),
    );
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal((await refusalOf(put(bucket, 'k', 'x', { IfNoneMatch: '*' }))).code, 'PreconditionFailed');
    const { ETag } = await head(bucket, 'k');
    await put(bucket, 'k', 'changed', { IfMatch: ETag });
    const cases: [object, string, number][] = [
      [{ IfMatch: ETag }, 'PreconditionFailed', 412],
      [{ IfMatch: '*' }, 'NotImplemented', 501],
      [{ IfNoneMatch: '"etag"' }, 'NotImplemented', 501],
      [{ IfMatch: ETag, IfNoneMatch: '*' }, 'NotImplemented', 501],
    ];
    for (const [condition, code, status] of cases) {
      const refusal = await refusalOf(put(bucket, 'k', 'x', condition));
      assert.deepEqual([refusal.code, refusal.status], [code, status]);
    }
    assert.equal((await refusalOf(put(bucket, 'absent', 'x', { IfMatch: ETag }))).code, 'NoSuchKey');
    assert.equal((await get(bucket, 'k')).bytes.toString(), 'changed');
  });

  it('asks for a body that is waited for', async () => {
    const bucket = await client.bucket();
    const taken = await expecting(await getSignedUrl(client.s3, new PutObjectCommand({ Bucket: bucket, Key: 'k' })));
    assert.deepEqual(taken, { continued: true, status: 200 });
    assert.equal((await get(bucket, 'k')).bytes.toString(), 'body');
    const absent = new PutObjectCommand({ Bucket: 'no-such-bucket-here', Key: 'k' });
    assert.equal((await expecting(await getSignedUrl(client.s3, absent))).status, 404);
  });

  it('takes and gives by presigned URL', async () => {
    const bucket = await client.bucket();
    const Key = 'pre signed/ü+.txt';
    const upload = await getSignedUrl(client.s3, new PutObjectCommand({ Bucket: bucket, Key, ContentType: 'text/x' }));
    const put = await fetch(upload, { method: 'PUT', body: 'presigned', headers: { 'content-type': 'text/x' } });
    assert.equal(put.status, 200);
    const download = await getSignedUrl(client.s3, new GetObjectCommand({ Bucket: bucket, Key }));
    const answer = await fetch(download);
    assert.deepEqual([answer.headers.get('content-type'), await answer.text()], ['text/x', 'presigned']);
  });

  it('leaves nothing of an upload that breaks off', async () => {
    const bucket = await client.bucket();
    const url = new URL(await getSignedUrl(client.s3, new PutObjectCommand({ Bucket: bucket, Key: 'broken' })));
    await new Promise<void>((resolve) => {
      const outgoing = request(url, { method: 'PUT', headers: { 'content-length': 1_000_000 } });
      outgoing.on('error', () => resolve());
      outgoing.write(Buffer.alloc(500_000), () => outgoing.destroy());
    });
    assert.equal((await refusalOf(get(bucket, 'broken'))).code, 'NoSuchKey');
  });
});

/** PUT with Expect: 100-continue, the body only after it was asked for. */
function expecting(url: string): Promise<{ continued: boolean; status: number }> {
  return new Promise((resolve, reject) => {
    let continued = false;
    const headers = { expect: '100-continue', 'content-length': 4 };
    const outgoing = request(url, { method: 'PUT', headers }, (incoming) => {
      incoming.resume();
      resolve({ continued, status: incoming.statusCode ?? 0 });
      if (!continued) outgoing.destroy();
    });
    outgoing.on('continue', () => {
      continued = true;
      outgoing.end('body');
    });
    outgoing.on('error', reject);
    outgoing.flushHeaders();
  });
}

describe('copying', () => {
  const copy = (Bucket: string, Key: string, CopySource: string, more: object = {}) =>
    client.s3.send(new CopyObjectCommand({ Bucket, Key, CopySource, ...more }));

  it('takes along what describes an object, or replaces it', async () => {
    const bucket = await client.bucket();
    const described = { ContentType: 'text/x', Metadata: { a: '1' }, Tagging: 't=1', CacheControl: 'no-store' };
    const { ETag } = await put(bucket, 'from/ü +.txt', 'copied', { ...described, StorageClass: 'STANDARD_IA' });
    const source = `${bucket}/${encodeURIComponent('from/ü +.txt')}`;
    const { CopyObjectResult } = await copy(bucket, 'to', source);
    assert.equal(CopyObjectResult?.ETag, ETag);
    const copied = await get(bucket, 'to');
    assert.equal(copied.bytes.toString(), 'copied');
    assert.deepEqual(
      [copied.ContentType, copied.CacheControl, copied.Metadata, copied.TagCount, copied.StorageClass],
      ['text/x', 'no-store', { a: '1' }, 1, undefined],
    );
    assert.equal(copied.ChecksumCRC32, CopyObjectResult?.ChecksumCRC32);
    await copy(bucket, 'to', `/${source}`, {
      ...{ MetadataDirective: 'REPLACE', Metadata: { b: '2' }, TaggingDirective: 'REPLACE', Tagging: 'u=1&v=2' },
    });
    const replaced = await head(bucket, 'to');
    assert.deepEqual(
      [replaced.ContentType, replaced.CacheControl, replaced.Metadata, replaced.TagCount],
      ['binary/octet-stream', undefined, { b: '2' }, 2],
    );
  });

  it('copies under conditions on source and target', async () => {
    const bucket = await client.bucket();
    const { ETag } = await put(bucket, 'from');
    const { LastModified = new Date() } = await head(bucket, 'from');
    const earlier = new Date(LastModified.getTime() - 1000);
    const source = `${bucket}/from`;
    await copy(bucket, 'to', source, { CopySourceIfMatch: ETag, CopySourceIfUnmodifiedSince: earlier });
    for (const condition of [
      { CopySourceIfMatch: '"other"' },
      { CopySourceIfNoneMatch: ETag },
      { CopySourceIfModifiedSince: LastModified },
      { CopySourceIfUnmodifiedSince: earlier },
      { IfNoneMatch: '*' },
      { IfMatch: '"other"' },
    ]) {
      assert.equal((await refusalOf(copy(bucket, 'to', source, condition))).code, 'PreconditionFailed');
    }
  });

  it('refuses what makes no sense', async () => {
    const bucket = await client.bucket();
    await put(bucket, 'k');
    const self = await refusalOf(copy(bucket, 'k', `${bucket}/k`));
    assert.deepEqual([self.code, self.status], ['InvalidRequest', 400]);
    assert.match(self.message, /^This copy request is illegal because it is trying to copy an object to itself/);
    await copy(bucket, 'k', `${bucket}/k`, { MetadataDirective: 'REPLACE', Metadata: { now: 'changed' } });
    assert.deepEqual((await head(bucket, 'k')).Metadata, { now: 'changed' });
    const cases: [string, string][] = [
      [`${bucket}/absent`, 'NoSuchKey'],
      ['no-such-bucket-here/k', 'NoSuchBucket'],
      ['nothing', 'InvalidArgument'],
      [`${bucket}/k?versionId=${'A'.repeat(32)}`, 'NoSuchVersion'],
    ];
    for (const [source, code] of cases) assert.equal((await refusalOf(copy(bucket, 'to', source))).code, code);
  });

  it('gives a copy the checksum that is asked for', async () => {
    const bucket = await client.bucket();
    await put(bucket, 'k', 'hello');
    const { CopyObjectResult } = await copy(bucket, 'k', `${bucket}/k`, { ChecksumAlgorithm: 'SHA256' });
    assert.equal(CopyObjectResult?.ChecksumSHA256, createHash('sha256').update('hello').digest('base64'));
    assert.equal(CopyObjectResult?.ChecksumCRC32, undefined);
    assert.equal(CopyObjectResult?.ETag, `"${md5('hello')}"`);
  });
});

describe('deleting', () => {
  it('deletes one, and what is not there', async () => {
    const bucket = await client.bucket();
    await put(bucket, 'k');
    const remove = (more: object = {}) =>
      client.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'k', ...more }));
    assert.equal((await refusalOf(remove({ IfMatch: '"other"' }))).code, 'PreconditionFailed');
    assert.deepEqual(answerOf(await remove({ IfMatch: `"${md5('hello')}"` })), {});
    assert.equal((await refusalOf(get(bucket, 'k'))).code, 'NoSuchKey');
    assert.equal((await remove()).$metadata.httpStatusCode, 204);
    assert.equal((await refusalOf(remove({ IfMatch: '*' }))).code, 'NoSuchKey');
  });

  it('deletes many', async () => {
    const bucket = await client.bucket();
    const keys = Array.from({ length: 30 }, (_, index) => `k/${index} +&<é`);
    for (const key of keys) await put(bucket, key, 'x');
    const Objects = [...keys, 'absent'].map((Key) => ({ Key }));
    const { Deleted, Errors } = await client.s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
    assert.deepEqual([Deleted, Errors], [Objects, undefined]);
    const { KeyCount } = await client.s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    assert.equal(KeyCount, 0);
    await put(bucket, 'k', 'x');
    const quiet = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: [{ Key: 'k' }], Quiet: true } });
    assert.deepEqual(answerOf(await client.s3.send(quiet)), {});
  });

  it('refuses too many, none, and documents without a digest', async () => {
    const bucket = await client.bucket();
    const many = Array.from({ length: 1001 }, (_, index) => ({ Key: `${index}` }));
    for (const Objects of [many, []]) {
      const call = client.s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
      assert.equal((await refusalOf(call)).code, 'MalformedXML');
    }
    const body = '<Delete><Object><Key>k</Key></Object></Delete>';
    const bare = await client.root.s3('POST', `/${bucket}?delete`, { body });
    assert.match(bare.text, /<Message>Missing required header for this request: Content-MD5 OR x-amz-checksum-\*</);
    const headers = { 'content-md5': createHash('md5').update('other').digest('base64') };
    const wrong = await client.root.s3('POST', `/${bucket}?delete`, { body, headers });
    assert.equal(codeOf(wrong), 'BadDigest');
  });

  it('denies key by key', async () => {
    const bucket = await client.bucket();
    for (const key of ['mine/a', 'theirs/b']) await put(bucket, key);
    const policy = statement({ Action: 's3:DeleteObject', Resource: `arn:aws:s3:::${bucket}/mine/*` });
    const { caller } = await assumeNewRole(client.root, `deleter-${bucket}`, { policy, url: client.url });
    const body = '<Delete><Object><Key>mine/a</Key></Object><Object><Key>theirs/b</Key></Object></Delete>';
    const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
    const { status, text } = await caller.s3('POST', `/${bucket}?delete`, { body, headers });
    assert.equal(status, 200);
    assert.match(text, /<Deleted><Key>mine\/a<\/Key><\/Deleted>/);
    assert.match(
      text,
      /<Error><Key>theirs\/b<\/Key><Code>AccessDenied<\/Code><Message>Access Denied<\/Message><\/Error>/,
    );
  });
});

describe('rights', () => {
  it('tells who may not list nothing of what is missing', async () => {
    const bucket = await client.bucket();
    const policy = statement({ Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/*` });
    const { caller } = await assumeNewRole(client.root, `reader-${bucket}`, { policy, url: client.url });
    const answer = await caller.s3('GET', `/${bucket}/absent`);
    assert.deepEqual([answer.status, codeOf(answer)], [403, 'AccessDenied']);
  });

  it('makes conditions of what a request asks for, and of tags', async () => {
    const bucket = await client.bucket();
    const object = `arn:aws:s3:::${bucket}/*`;
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          ...{ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: object },
          Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'AES256' } },
        },
        {
          ...{ Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: object },
          Condition: { StringEquals: { 's3:ExistingObjectTag/secret': 'yes' } },
        },
      ],
    });
    await client.s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
    assert.equal((await refusalOf(put(bucket, 'k'))).code, 'AccessDenied');
    await put(bucket, 'k', 'x', { ServerSideEncryption: 'AES256' });
    await get(bucket, 'k');
    await put(bucket, 'k', 'x', { ServerSideEncryption: 'AES256', Tagging: 'secret=yes' });
    assert.equal((await refusalOf(get(bucket, 'k'))).code, 'AccessDenied');
  });
});
