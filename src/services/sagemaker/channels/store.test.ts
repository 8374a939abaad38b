import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createJournal } from '../../../host/index.ts';
import { openStore } from '../../../store/index.ts';
import { AwsFault } from '../../../wire/index.ts';
import type { ObjectEntry, RoleObjects, SageMakerState } from '../state.ts';
import { sageMakerTables } from '../tables.ts';
import { type ChannelFile, listChannel, shardsOf } from './listing.ts';
import { createChannelStore } from './store.ts';

/** S3 of one bucket: a map of keys, whose values are bytes and ETags at once. */
function bucketOf(contents: Record<string, string>) {
  const written: string[] = [];
  const denied = new Set<string>();
  let listed = 0;
  const entry = (key: string): ObjectEntry | undefined => {
    if (denied.has(key)) throw new AwsFault({ code: 'AccessDenied', status: 403, message: `denied ${key}` });
    const value = contents[key];
    return value === undefined ? undefined : { key, size: Buffer.byteLength(value), etag: value };
  };
  const objects: RoleObjects = {
    async *list(_bucket, prefix) {
      listed++;
      for (const key of Object.keys(contents).sort()) if (key.startsWith(prefix)) yield entry(key) as ObjectEntry;
    },
    revision: async () => JSON.stringify(contents),
    head: async (_bucket, key) => entry(key),
    requireRights: async (_bucket, keys) => keys.forEach(entry),
    read: async (_bucket, key) => Readable.from([Buffer.from(contents[key] ?? '')]),
    async writeTo(_bucket, key, { path }) {
      written.push(key);
      await writeFile(path, contents[key] ?? '');
    },
    requireWritable: async () => assert.fail(),
    put: async () => assert.fail(),
    remove: async () => assert.fail(),
  };
  return { objects, written, denied, listings: () => listed };
}

async function opened(t: TestContext) {
  const home = await mkdtemp(join(tmpdir(), 'whippet-channels-'));
  const store = await openStore({ directory: join(home, 'state'), schemas: [sageMakerTables] });
  t.after(async () => {
    await store.close();
    await rm(home, { recursive: true, force: true });
  });
  const now = new Date(0);
  const state = {
    ...{ database: store.database, clock: { now: () => now }, directory: join(home, 'jobs') },
    ...{ random: (bytes: number) => Buffer.alloc(bytes, 7), instances: { isolation: 'process' } },
    journal: createJournal(
      () => {},
      () => now,
    ),
  } as unknown as SageMakerState;
  return { state, channels: createChannelStore(state) };
}

const signal = new AbortController().signal;

function channelOf(S3Uri: string, S3DataType: 'S3Prefix' | 'ManifestFile' = 'S3Prefix') {
  return { ChannelName: 'training', DataSource: { S3DataSource: { S3DataType, S3Uri } } };
}

async function listed(objects: RoleObjects, S3Uri = 's3://b/d/', S3DataType: 'S3Prefix' | 'ManifestFile' = 'S3Prefix') {
  return listChannel(channelOf(S3Uri, S3DataType), { objects, signal, roleArn: 'r', region: 'us-east-1' });
}

test('jobs share a folder with the same objects; each needs the right to read them', async (t) => {
  const { state, channels } = await opened(t);
  const { objects, written, denied } = bucketOf({ 'd/a/1': 'one', 'd/b/2': 'two', 'd/': '' });
  const files = await listed(objects);
  const [first, second] = await Promise.all([1, 2].map(() => channels.hold(files, { objects, signal })));
  assert.equal(first?.path, second?.path);
  assert.equal(await readFile(join(first?.path ?? '', 'b/2'), 'utf8'), 'two');
  assert.deepEqual(written.toSorted(), ['d/a/1', 'd/b/2']);
  denied.add('d/b/2');
  await assert.rejects(channels.hold(files, { objects, signal }), { code: 'AccessDenied' });
  assert.deepEqual(await readdir(join(state.directory, 'channels')), [first?.path.split('/').at(-1)]);
});

test('what has not changed is listed once, and again when it has, or for who may not list it', async (t) => {
  const { channels } = await opened(t);
  const contents: Record<string, string> = { 'd/a': 'one', 'd/b': 'two', 'e/c': 'three' };
  const { objects, listings } = bucketOf(contents);
  const ground = { objects, signal, roleArn: 'r', region: 'us-east-1' };
  const list = (by = objects) => channels.list(channelOf('s3://b/d/'), { ...ground, objects: by });
  const first = await list();
  assert.deepEqual(
    first.map(({ path }) => path),
    ['a', 'b'],
  );
  assert.equal(await list(), first);
  assert.equal(listings(), 1);
  await channels.list(channelOf('s3://b/e/'), ground);
  assert.equal(await list(), first);
  assert.equal(listings(), 2);

  contents['d/b'] = 'another';
  assert.deepEqual(
    (await list()).map(({ etag }) => etag),
    ['one', 'another'],
  );
  const refused = async () => Promise.reject(new AwsFault({ code: 'AccessDenied', status: 403, message: 'no' }));
  await assert.rejects(list({ ...objects, revision: refused }), { code: 'AccessDenied' });
});

test('what changes while it is listed is not remembered', async (t) => {
  const { channels } = await opened(t);
  const contents: Record<string, string> = { 'd/a': 'one', 'd/b': 'two' };
  const { objects, listings } = bucketOf(contents);
  const disturbed: RoleObjects = {
    ...objects,
    async *list(bucket, prefix) {
      for await (const entry of objects.list(bucket, prefix)) {
        yield entry;
        contents['d/a'] = 'later';
      }
    },
  };
  const list = (by: RoleObjects) =>
    channels.list(channelOf('s3://b/d/'), { objects: by, signal, roleArn: 'r', region: 'us-east-1' });
  await list(disturbed);
  assert.deepEqual(
    (await list(objects)).map(({ etag }) => etag),
    ['later', 'two'],
  );
  assert.equal(listings(), 2);
});

test('a file that is not whole any more is made again', async (t) => {
  const { channels } = await opened(t);
  const { objects, written } = bucketOf({ 'd/a': 'whole' });
  const files = await listed(objects);
  const { path, release } = await channels.hold(files, { objects, signal });
  release();
  await truncate(join(path, 'a'), 2);
  const again = await channels.hold(files, { objects, signal });
  assert.equal(await readFile(join(again.path, 'a'), 'utf8'), 'whole');
  assert.deepEqual(written, ['d/a', 'd/a']);
});

test('an object that is replaced while it is fetched fails the job, and nothing stays', async (t) => {
  const { state, channels } = await opened(t);
  const contents = { 'd/a': 'old' };
  const { objects } = bucketOf(contents);
  const files = await listed(objects);
  contents['d/a'] = 'new';
  await assert.rejects(channels.hold(files, { objects, signal }), /s3:\/\/b\/d\/a was replaced meanwhile/);
  assert.deepEqual(await readdir(join(state.directory, 'channels')), []);
});

test('where the disk is full, unused folders go, and the channel is written again', async (t) => {
  const { state, channels } = await opened(t);
  const { objects, written } = bucketOf({ 'd/a': 'a', 'd/b': 'b', 'e/a': 'one', 'e/b': 'two' });
  const old = await channels.hold(await listed(objects, 's3://b/e/'), { objects, signal });
  old.release();
  let atWork = 0;
  let refusals = 1;
  const small: RoleObjects = {
    ...objects,
    async writeTo(bucket, key, target) {
      if (key === 'd/a') {
        assert.equal(atWork, 0, 'whatever still writes takes room');
        if (refusals-- > 0) throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
      }
      atWork++;
      // Long enough for somebody who does not wait for it to be writing again.
      for (let turn = 0; turn < 2_000; turn++) await setImmediate();
      await objects.writeTo(bucket, key, target);
      atWork--;
    },
  };
  const { path } = await channels.hold(await listed(objects), { objects: small, signal });
  assert.deepEqual((await readdir(path)).toSorted(), ['a', 'b']);
  assert.deepEqual(await readdir(join(state.directory, 'channels')), [path.split('/').at(-1)]);
  assert.deepEqual(written, ['e/a', 'e/b', 'd/b', 'd/a', 'd/b']);

  refusals = 2;
  const more = [...(await listed(objects)), ...(await listed(objects, 's3://b/e/'))];
  const named = more.map((file) => ({ ...file, path: file.key }));
  await assert.rejects(channels.hold(named, { objects: small, signal }), { code: 'ENOSPC' });
  assert.deepEqual(await readdir(join(state.directory, 'channels')), [path.split('/').at(-1)]);
});

test('what a killed server left half made goes, what is whole stays', async (t) => {
  const { state, channels } = await opened(t);
  const { objects } = bucketOf({ 'd/a': 'a' });
  const { path, release } = await channels.hold(await listed(objects), { objects, signal });
  release();
  await writeFile(join(state.directory, 'channels', 'x.part'), '');
  await createChannelStore(state).tidy();
  assert.deepEqual(await readdir(join(state.directory, 'channels')), [path.split('/').at(-1)]);
  assert.ok((await stat(join(path, 'a'))).isFile());
});

test('a manifest gives its files in the order of keys, each once', async () => {
  const manifest = JSON.stringify([{ prefix: 's3://b/d/' }, 'x/2', 'x/1', 'x/2']);
  const { objects } = bucketOf({ 'd/x/1': '1', 'd/x/2': '2', 'd/x/3': '3', m: manifest });
  const files = await listed(objects, 's3://b/m', 'ManifestFile');
  assert.deepEqual(
    files.map(({ path }) => path),
    ['x/1', 'x/2'],
  );
});

test('shards are disjoint and even, and make up the whole', () => {
  const files = Array.from({ length: 10 }, (_, at) => ({ key: `k${at}` }) as ChannelFile);
  const shards = shardsOf(files, { hosts: 4, distribution: 'ShardedByS3Key' });
  assert.deepEqual(
    shards.map(({ length }) => length),
    [3, 3, 2, 2],
  );
  assert.equal(new Set(shards.flat()).size, 10);
  assert.deepEqual(shardsOf(files, { hosts: 2, distribution: 'FullyReplicated' }), [files, files]);
});
