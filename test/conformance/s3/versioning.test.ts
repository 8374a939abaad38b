import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { assumeNewRole, codeOf, statement } from '../../server/client.ts';
import { fileScope } from '../../server/running.ts';
import { answerOf, type ObjectClient, openObjects, refusalOf } from './object-client.ts';

let client: ObjectClient;
const scope = fileScope(after);
before(async () => {
  client = await openObjects(scope);
});

const Key = 'k';

async function put(Bucket: string, Body: string): Promise<string | undefined> {
  return (await client.s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId;
}

async function get(Bucket: string, VersionId?: string): Promise<string | undefined> {
  const { Body } = await client.s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return Body?.transformToString();
}

const remove = async (Bucket: string, VersionId?: string) =>
  answerOf(await client.s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId })));

const setVersioning = (Bucket: string, Status: 'Enabled' | 'Suspended') =>
  client.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));

describe('versioning', () => {
  it('keeps what is replaced and hides what is deleted', async () => {
    const bucket = await client.bucket('Enabled');
    const [first, second] = [await put(bucket, 'one'), await put(bucket, 'two')];
    assert.notEqual(first, second);
    assert.deepEqual([await get(bucket), await get(bucket, first), await get(bucket, second)], ['two', 'one', 'two']);
    const { DeleteMarker, VersionId: marker } = await remove(bucket);
    assert.equal(DeleteMarker, true);
    const hidden = await client.root.s3('GET', `/${bucket}/${Key}`);
    assert.deepEqual(
      [hidden.status, codeOf(hidden), hidden.headers['x-amz-delete-marker'], hidden.headers['x-amz-version-id']],
      [404, 'NoSuchKey', 'true', marker],
    );
    const asked = await client.root.s3('GET', `/${bucket}/${Key}?versionId=${marker}`);
    assert.deepEqual([asked.status, codeOf(asked), asked.headers.allow], [405, 'MethodNotAllowed', 'DELETE']);
    assert.deepEqual(await remove(bucket, marker), { DeleteMarker: true, VersionId: marker });
    assert.equal(await get(bucket), 'two');
    assert.deepEqual(await remove(bucket, second), { VersionId: second });
    assert.equal(await get(bucket), 'one');
    assert.deepEqual(await remove(bucket, second), { VersionId: second });
  });

  it('has one null version while it is suspended, and keeps the others', async () => {
    const bucket = await client.bucket();
    assert.equal(await put(bucket, 'before'), undefined);
    await setVersioning(bucket, 'Enabled');
    const second = await put(bucket, 'second');
    assert.equal(await get(bucket, 'null'), 'before');
    await setVersioning(bucket, 'Suspended');
    assert.equal(await put(bucket, 'suspended'), 'null');
    assert.deepEqual([await get(bucket, 'null'), await get(bucket, second)], ['suspended', 'second']);
    assert.deepEqual(await remove(bucket), { DeleteMarker: true, VersionId: 'null' });
    const { Versions, DeleteMarkers } = await client.s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    assert.deepEqual(
      [Versions?.map(({ VersionId }) => VersionId), DeleteMarkers?.map(({ VersionId }) => VersionId)],
      [[second], ['null']],
    );
  });

  it('copies versions, the newest or another, over the newest too', async () => {
    const bucket = await client.bucket('Enabled');
    const first = await put(bucket, 'one');
    await put(bucket, 'two');
    const copy = (CopySource: string, more: object = {}) =>
      client.s3.send(new CopyObjectCommand({ Bucket: bucket, Key, CopySource, ...more }));
    const { CopySourceVersionId, VersionId } = await copy(`${bucket}/${Key}?versionId=${first}`);
    assert.equal(CopySourceVersionId, first);
    assert.equal(await get(bucket, VersionId), 'one');
    const { VersionId: marker } = await remove(bucket);
    assert.equal((await refusalOf(copy(`${bucket}/${Key}`))).code, 'NoSuchKey');
    assert.deepEqual(await refusalOf(copy(`${bucket}/${Key}?versionId=${marker}`)), {
      ...{ code: 'InvalidRequest', status: 400 },
      message: 'The source of a copy request may not specifically refer to a delete marker by version id.',
    });
  });

  it('says of many keys what was made or deleted', async () => {
    const bucket = await client.bucket('Enabled');
    const version = await put(bucket, 'one');
    const removeAll = async (Objects: { Key: string; VersionId?: string | undefined }[]) =>
      answerOf(await client.s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } })));
    const { Deleted: [hidden = {}] = [] } = await removeAll([{ Key }]);
    assert.deepEqual(hidden, { Key, DeleteMarker: true, DeleteMarkerVersionId: hidden.DeleteMarkerVersionId });
    const marker = hidden.DeleteMarkerVersionId;
    const { Deleted, Errors } = await removeAll([
      { Key, VersionId: marker },
      { Key, VersionId: version },
      { Key, VersionId: 'malformed' },
    ]);
    assert.deepEqual(Deleted, [
      { Key, VersionId: marker, DeleteMarker: true, DeleteMarkerVersionId: marker },
      { Key, VersionId: version },
    ]);
    assert.deepEqual(Errors, [
      { Key, VersionId: 'malformed', Code: 'InvalidArgument', Message: 'Invalid version id specified' },
    ]);
  });

  it('needs rights of its own', async () => {
    const bucket = await client.bucket('Enabled');
    const version = await put(bucket, 'one');
    const policy = statement({ Action: ['s3:GetObject', 's3:DeleteObject'], Resource: `arn:aws:s3:::${bucket}/*` });
    const { caller } = await assumeNewRole(client.root, `versions-${bucket}`, { policy, url: client.url });
    assert.equal(codeOf(await caller.s3('GET', `/${bucket}/${Key}`)), '200');
    for (const method of ['GET', 'DELETE', 'HEAD']) {
      assert.equal((await caller.s3(method, `/${bucket}/${Key}?versionId=${version}`)).status, 403);
    }
  });

  it('conditions look at the current version', async () => {
    const bucket = await client.bucket('Enabled');
    await put(bucket, 'one');
    const { ETag } = await client.s3.send(new HeadObjectCommand({ Bucket: bucket, Key }));
    await remove(bucket);
    const write = (condition: object) =>
      client.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x', ...condition }));
    assert.equal((await refusalOf(write({ IfMatch: ETag }))).code, 'NoSuchKey');
    await write({ IfNoneMatch: '*' });
    assert.equal((await refusalOf(write({ IfNoneMatch: '*' }))).code, 'PreconditionFailed');
  });
});
