import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { CopyObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { fileScope } from '../../server/running.ts';
import { callsOf, md5, type ObjectClient, openObjects, refusalOf } from './object-client.ts';

let client: ObjectClient;
const scope = fileScope(after);
before(async () => {
  client = await openObjects(scope);
});

const { put, get, head } = callsOf(() => client);

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
