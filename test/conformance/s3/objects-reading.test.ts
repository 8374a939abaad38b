import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { GetObjectAttributesCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { assumeNewRole, codeOf, statement } from '../../server/client.ts';
import { fileScope } from '../../server/running.ts';
import { answerOf, callsOf, md5, type ObjectClient, openObjects, refusalOf } from './object-client.ts';

let client: ObjectClient;
const scope = fileScope(after);
before(async () => {
  client = await openObjects(scope);
});

const { put, get, head } = callsOf(() => client);

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

  it('lets a policy want conditions of every new object, but not of parts', async () => {
    const bucket = await client.bucket();
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        ...{ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: `arn:aws:s3:::${bucket}/*` },
        Condition: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
      },
    });
    await client.s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
    assert.equal((await refusalOf(put(bucket, 'k'))).code, 'AccessDenied');
    await put(bucket, 'k', 'x', { IfNoneMatch: '*' });
    assert.equal((await client.root.s3('POST', `/${bucket}/k?uploads`)).status, 200);
  });
});
