import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Demand } from '../operation.ts';
import { type NativeObjects, nativeObjects } from './native.ts';
import { completeMultipartUpload } from './operations/complete-multipart-upload.ts';
import { createBucket } from './operations/create-bucket.ts';
import { createMultipartUpload } from './operations/create-multipart-upload.ts';
import { getObject } from './operations/get-object.ts';
import { uploadPart } from './operations/upload-part.ts';
import { bodyOf, type OpenState, openState } from './testing/s3.fixture.ts';

interface Ground extends AsyncDisposable {
  readonly at: OpenState;
  readonly objects: NativeObjects;
  /** What was demanded: `s3:GetObject arn:aws:s3:::b/k`. */
  readonly demanded: string[];
  /** Actions that are denied. */
  readonly denied: Set<string>;
  readonly folder: string;
}

async function openGround(): Promise<Ground> {
  const at = await openState();
  const folder = await mkdtemp(join(tmpdir(), 'whippet-native-'));
  await createBucket.run({ Bucket: 'bucket' }, at.call, at.state);
  const demanded: string[] = [];
  const denied = new Set<string>();
  const isDenied = ({ action, resource }: Demand): boolean => {
    demanded.push(`${action} ${resource}`);
    return denied.has(action);
  };
  const call = { ...at.call, allows: (demand: Demand) => !isDenied(demand) };
  const denial = (demands: readonly Demand[]) => demands.filter(isDenied).map(({ action }) => `no ${action}`)[0];
  return {
    ...{ at, demanded, denied, folder },
    objects: nativeObjects(async () => ({ call, denial }), at.state),
    async [Symbol.asyncDispose]() {
      await at[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const key = 'a/b.jpg';
const missing = { bucket: 'bucket', key: 'missing' };

test('what is put is there for every client, with the ETag that PutObject gives', async () => {
  await using ground = await openGround();
  const { at, objects, folder } = ground;
  const bytes = randomBytes(100_000);
  await writeFile(join(folder, 'source'), bytes);
  const put = await objects.put('bucket', key, { path: join(folder, 'source') }, { contentType: 'image/jpeg' });
  assert.deepEqual(put, { key, size: 100_000, etag: createHash('md5').update(bytes).digest('hex') });
  const { Body, ContentType } = await getObject.run({ Bucket: 'bucket', Key: key }, at.call, at.state);
  assert.equal(ContentType, 'image/jpeg');
  assert.deepEqual(Buffer.concat(await all(Body as AsyncIterable<Uint8Array>)), bytes);
  assert.deepEqual(await objects.head('bucket', key), put);
  assert.deepEqual(Buffer.concat(await all(await objects.read('bucket', key))), bytes);
  await objects.remove('bucket', key);
  assert.equal(await objects.head('bucket', key), undefined);
});

test('the revision of a prefix changes with its objects, and with nothing else', async () => {
  await using ground = await openGround();
  const { objects } = ground;
  const put = (at: string, text: string) => objects.put('bucket', at, { bytes: Buffer.from(text) });
  const seen = new Set<string>();
  const isNew = async (): Promise<boolean> => {
    const { size } = seen;
    return seen.add(await objects.revision('bucket', 'a/')).size > size;
  };
  assert.ok(await isNew(), 'nothing');
  await put('a/1', 'one');
  assert.ok(await isNew(), 'one');
  await put('a/2', 'two');
  assert.ok(await isNew(), 'two');
  await put('a/1', 'one');
  assert.ok(await isNew(), 'replaced by the same bytes');
  await put('b/1', 'elsewhere');
  await put('a', 'before');
  assert.ok(!(await isNew()));
  await objects.remove('bucket', 'a/2');
  assert.ok(await isNew(), 'deleted');
  await put('a/2', 'two');
  assert.ok(await isNew(), 'made again');
  await assert.rejects(objects.revision('no-bucket', ''), { code: 'NoSuchBucket' });
});

test('each call demands the right of its operation, in S3’s words where it is denied', async () => {
  await using ground = await openGround();
  const { objects, demanded, denied, folder } = ground;
  await objects.put('bucket', key, { bytes: Buffer.from('x') });
  const calls: readonly [string, () => Promise<unknown>][] = [
    ['s3:PutObject arn:aws:s3:::bucket/a/b.jpg', () => objects.put('bucket', key, { bytes: Buffer.from('x') })],
    ['s3:PutObject arn:aws:s3:::bucket/a/b.jpg', () => objects.requireWritable('bucket', key)],
    ['s3:ListBucket arn:aws:s3:::bucket', () => objects.revision('bucket', '')],
    ['s3:GetObject arn:aws:s3:::bucket/a/b.jpg', () => objects.head('bucket', key)],
    ['s3:GetObject arn:aws:s3:::bucket/a/b.jpg', async () => (await objects.read('bucket', key)).destroy()],
    [
      's3:GetObject arn:aws:s3:::bucket/a/b.jpg',
      () => objects.writeTo('bucket', key, { path: join(folder, 'file'), link: false }),
    ],
    ['s3:ListBucket arn:aws:s3:::bucket', () => all(objects.list('bucket', 'a/'))],
    ['s3:DeleteObject arn:aws:s3:::bucket/a/b.jpg', () => objects.remove('bucket', key)],
  ];
  for (const [demand, call] of calls) {
    const action = demand.split(' ')[0] as string;
    denied.add(action);
    await assert.rejects(call(), { code: 'AccessDenied', message: `no ${action}` });
    denied.clear();
    demanded.length = 0;
    await call();
    assert.deepEqual(demanded, [demand]);
  }
});

test('a key that is too long is told before there is an object', async () => {
  await using ground = await openGround();
  await ground.objects.requireWritable('bucket', 'k'.repeat(1024));
  await assert.rejects(ground.objects.requireWritable('bucket', 'k'.repeat(1025)), { code: 'KeyTooLongError' });
});

test('what is missing is told as S3 tells it, to who may list', async () => {
  await using ground = await openGround();
  const { objects, denied, folder } = ground;
  const target = { path: join(folder, 'file'), link: true };
  await assert.rejects(all(objects.list('nowhere', '')), { code: 'NoSuchBucket' });
  await assert.rejects(objects.put('nowhere', 'k', { bytes: Buffer.from('') }), { code: 'NoSuchBucket' });
  await assert.rejects(objects.writeTo(missing.bucket, missing.key, target), { code: 'NoSuchKey' });
  await assert.rejects(objects.read(missing.bucket, missing.key), { code: 'NoSuchKey' });
  denied.add('s3:ListBucket');
  await assert.rejects(objects.head(missing.bucket, missing.key), { code: 'AccessDenied' });
  assert.deepEqual(await readdir(folder), []);
});

test('a list is all of a prefix in the order of keys, over its pages', async () => {
  await using ground = await openGround();
  const names = Array.from({ length: 1100 }, (_, index) => `p/${String(index).padStart(4, '0')}`);
  for (const name of [...names, 'o', 'q']) await ground.objects.put('bucket', name, { bytes: Buffer.from(name) });
  const listed = await all(ground.objects.list('bucket', 'p/'));
  assert.deepEqual(
    listed.map((object) => object.key),
    names,
  );
  assert.equal(listed[7]?.etag, createHash('md5').update('p/0007').digest('hex'));
  assert.equal(listed[7]?.size, 6);
});

/** Empty, in the database, a blob that is a file. */
const sizes = [0, 8_000, 200_000];

for (const link of [true, false]) {
  test(`files have the bytes of their objects, ${link ? 'read-only' : 'to be written'}`, async () => {
    await using ground = await openGround();
    const { objects, folder } = ground;
    for (const size of sizes) {
      const bytes = randomBytes(size);
      await objects.put('bucket', `${size}`, { bytes });
      const path = join(folder, `${size}`);
      await objects.writeTo('bucket', `${size}`, { path, link });
      const { mode, nlink } = await stat(path);
      assert.deepEqual(await readFile(path), bytes);
      assert.equal(mode & 0o777, link ? 0o444 : 0o644);
      assert.equal(nlink, link && size > 32 << 10 ? 2 : 1, `${size} bytes`);
    }
    await assert.rejects(objects.writeTo('bucket', '8000', { path: join(folder, '8000'), link }), { code: 'EEXIST' });
    await assert.rejects(objects.writeTo('bucket', '200000', { path: join(folder, '200000'), link }), {
      code: 'EEXIST',
    });
    assert.equal((await readFile(join(folder, '200000'))).length, 200_000);
  });

  test(`an object of several parts becomes one file (link: ${link})`, async () => {
    await using ground = await openGround();
    const { at, objects, folder } = ground;
    const parts = [randomBytes(5 << 20), randomBytes(1000)];
    const id = { Bucket: 'bucket', Key: key };
    const { UploadId = '' } = await createMultipartUpload.run(id, at.call, at.state);
    const done = [];
    for (const [index, bytes] of parts.entries()) {
      const part = { ...id, UploadId, PartNumber: index + 1, Body: bodyOf(bytes) };
      const { ETag } = await uploadPart.run(part, at.call, at.state);
      done.push({ ETag, PartNumber: index + 1 });
    }
    await completeMultipartUpload.run({ ...id, UploadId, MultipartUpload: { Parts: done } }, at.call, at.state);
    await objects.writeTo('bucket', key, { path: join(folder, 'file'), link });
    assert.ok((await readFile(join(folder, 'file'))).equals(Buffer.concat(parts)));
    await assert.rejects(objects.writeTo('bucket', key, { path: join(folder, 'file'), link }), { code: 'EEXIST' });
    assert.ok((await readFile(join(folder, 'file'))).equals(Buffer.concat(parts)));
  });
}

test('a copy that is broken off leaves nothing', async () => {
  await using ground = await openGround();
  const { objects, folder } = ground;
  await objects.put('bucket', key, { bytes: randomBytes(5 << 20) });
  const stopping = new AbortController();
  const copy = objects.writeTo('bucket', key, { path: join(folder, 'file'), link: false, signal: stopping.signal });
  stopping.abort(new Error('the job was stopped'));
  await assert.rejects(copy, { message: 'the job was stopped' });
  assert.deepEqual(await readdir(folder), []);
});
