import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { assumeNewRole, codeOf } from '../../server/client.ts';
import { fileScope } from '../../server/running.ts';
import { answerOf, type ObjectClient, openObjects, refusalOf } from './object-client.ts';

let client: ObjectClient;
const scope = fileScope(after);
before(async () => {
  client = await openObjects(scope);
});

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

const put = (Bucket: string, more: object = {}) =>
  client.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ...more }));
const setTags = (Bucket: string, TagSet: Tag[], more: object = {}) =>
  client.s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'k', Tagging: { TagSet }, ...more }));
const getTags = async (Bucket: string, more: object = {}) =>
  answerOf(await client.s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'k', ...more })));

describe('tags of objects', () => {
  it('are set with the object, replaced, read and deleted', async () => {
    const bucket = await client.bucket();
    await put(bucket, { Tagging: 'a=1&space%20and=%C3%BC+%2B&empty=' });
    assert.deepEqual(await getTags(bucket), {
      TagSet: [
        { Key: 'a', Value: '1' },
        { Key: 'space and', Value: 'ü +' },
        { Key: 'empty', Value: '' },
      ],
    });
    const { LastModified, TagCount } = await client.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'k' }));
    assert.equal(TagCount, 3);
    const tags = [{ Key: 'b', Value: 'two @home' }];
    await setTags(bucket, tags);
    assert.deepEqual(await getTags(bucket), { TagSet: tags });
    await client.s3.send(new DeleteObjectTaggingCommand({ Bucket: bucket, Key: 'k' }));
    assert.deepEqual(await getTags(bucket), { TagSet: [] });
    const after = await client.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'k' }));
    assert.deepEqual([after.TagCount, after.LastModified], [undefined, LastModified]);
  });

  it('belong to a version', async () => {
    const bucket = await client.bucket('Enabled');
    const first = await put(bucket, { Tagging: 'n=1' });
    const second = await put(bucket, { Tagging: 'n=2' });
    const VersionId = first.VersionId;
    assert.equal((await setTags(bucket, [{ Key: 'n', Value: 'one' }], { VersionId })).VersionId, VersionId);
    assert.deepEqual(await getTags(bucket, { VersionId }), { TagSet: [{ Key: 'n', Value: 'one' }], VersionId });
    assert.deepEqual(await getTags(bucket), { TagSet: [{ Key: 'n', Value: '2' }], VersionId: second.VersionId });
    const { VersionId: marker } = await client.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'k' }));
    assert.equal((await refusalOf(getTags(bucket))).code, 'NoSuchKey');
    assert.equal((await refusalOf(getTags(bucket, { VersionId: marker }))).code, 'MethodNotAllowed');
  });

  it('are refused where they break the rules', async () => {
    const bucket = await client.bucket();
    await put(bucket);
    const tag = (Key: string, Value = 'v'): Tag => ({ Key, Value });
    const cases: [Tag[], string, string][] = [
      [Array.from({ length: 11 }, (_, n) => tag(`${n}`)), 'BadRequest', 'Object tags cannot be greater than 10'],
      [[tag('a'), tag('a', 'w')], 'InvalidTag', 'Cannot provide multiple Tags with the same key'],
      [[tag('k'.repeat(129))], 'InvalidTag', 'The TagKey you have provided is invalid'],
      [[tag('k', 'v'.repeat(257))], 'InvalidTag', 'The TagValue you have provided is invalid'],
      [[tag('k', '<>')], 'InvalidTag', 'The TagValue you have provided is invalid'],
      [[tag('aws:k')], 'InvalidTag', 'System tags cannot be added/updated by requester'],
    ];
    for (const [tags, code, message] of cases) {
      assert.deepEqual(await refusalOf(setTags(bucket, tags)), { code, message, status: 400 });
    }
    assert.equal((await refusalOf(setTags(await client.bucket(), [tag('a')]))).code, 'NoSuchKey');
    const body = '<Tagging><TagSet/></Tagging>';
    const bare = await client.root.s3('PUT', `/${bucket}/k?tagging`, { body });
    assert.match(bare.text, /Missing required header for this request: Content-MD5 OR x-amz-checksum-\*/);
  });

  it('need rights of their own, on which tags may be a condition', async () => {
    const bucket = await client.bucket();
    const Resource = `arn:aws:s3:::${bucket}/*`;
    const policy = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: ['s3:PutObject', 's3:GetObject'], Resource },
        {
          ...{ Effect: 'Allow', Action: 's3:PutObjectTagging', Resource },
          Condition: { StringEquals: { 's3:RequestObjectTag/team': 'blue' } },
        },
      ],
    };
    const { caller } = await assumeNewRole(client.root, `tagger-${bucket}`, { policy, url: client.url });
    const write = (tagging?: string) =>
      caller.s3('PUT', `/${bucket}/k`, { body: 'x', headers: tagging ? { 'x-amz-tagging': tagging } : {} });
    assert.equal(codeOf(await write()), '200');
    assert.equal(codeOf(await write('team=blue')), '200');
    assert.equal(codeOf(await write('team=red')), 'AccessDenied');
    assert.equal(codeOf(await caller.s3('GET', `/${bucket}/k?tagging`)), 'AccessDenied');
  });
});
