import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { DeleteObjectCommand, DeleteObjectsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { assumeNewRole, codeOf, statement } from '../../server/client.ts';
import { fileScope } from '../../server/running.ts';
import { answerOf, callsOf, md5, type ObjectClient, openObjects, refusalOf } from './object-client.ts';

let client: ObjectClient;
const scope = fileScope(after);
before(async () => {
  client = await openObjects(scope);
});

const { put, get } = callsOf(() => client);

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
