import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { deliverModel } from '../training/deliver.ts';
import { jobLayout } from '../training/instance/layout.ts';
import { uploadOnly } from './upload.fixture.ts';
import { uploadFile } from './upload.ts';

const full = { code: 'ENOSPC' };
const noDevice = process.platform !== 'linux' && 'there is no /dev/full';

async function ground(t: TestContext) {
  const home = await mkdtemp(join(tmpdir(), 'whippet-copies-'));
  t.after(() => rm(home, { recursive: true }));
  const layout = jobLayout({ id: 1, name: 'dogs' }, { instances: 1, state: { directory: home }, temporary: home });
  const model = join(layout.hosts[0]?.root ?? '', 'model');
  for (const folder of [layout.spool, model]) await mkdir(folder, { recursive: true });
  return { layout, model, spool: layout.spool };
}

const target = { bucket: 'bucket', key: 'key' };

test('a copy that could not be sent does not stay', async (t) => {
  const { model, spool } = await ground(t);
  await writeFile(join(model, 'large'), Buffer.alloc(5 << 20));
  const { objects } = uploadOnly(async () => {
    assert.deepEqual(await readdir(spool), ['upload']);
    throw new Error('no room in S3');
  });
  const file = { folder: model, path: 'large' };
  await assert.rejects(uploadFile(file, target, { objects, spool }), /no room in S3/);
  assert.deepEqual(await readdir(spool), []);
});

test('nor does one for which there is no room', { skip: noDevice }, async (t) => {
  const { layout, model, spool } = await ground(t);
  const { objects, keys } = uploadOnly();
  await writeFile(join(model, 'large'), Buffer.alloc(5 << 20));
  await symlink('/dev/full', join(spool, 'upload'));
  const file = { folder: model, path: 'large' };
  await assert.rejects(uploadFile(file, target, { objects, spool }), full);
  assert.deepEqual(await readdir(spool), []);

  await symlink('/dev/full', join(spool, 'archive.tar.gz'));
  const request = { TrainingJobName: 'dogs', RoleArn: '', OutputDataConfig: { S3OutputPath: 's3://bucket' } };
  await assert.rejects(deliverModel({ request, layout, isTrial: false }, { objects, spool }), full);
  assert.deepEqual([await readdir(spool), keys], [[], []]);
});

test('a file of holes that is larger than the disk is not begun with', { timeout: 10_000 }, async (t) => {
  const { model, spool } = await ground(t);
  const { objects, keys } = uploadOnly();
  await writeFile(join(model, 'holes'), '');
  try {
    await truncate(join(model, 'holes'), 2 ** 43);
  } catch (error) {
    return t.skip(String(error));
  }
  await assert.rejects(uploadFile({ folder: model, path: 'holes' }, target, { objects, spool }), full);
  assert.deepEqual([await readdir(spool), keys], [[], []]);
});

test('a server that ends waits for no archive', { timeout: 10_000 }, async (t) => {
  const { layout, model, spool } = await ground(t);
  const { objects, keys } = uploadOnly();
  await writeFile(join(model, 'holes'), '');
  // As a model that takes minutes to pack.
  await truncate(join(model, 'holes'), 2 ** 36);
  const closing = new AbortController();
  const request = { TrainingJobName: 'dogs', RoleArn: '', OutputDataConfig: { S3OutputPath: 's3://bucket' } };
  const delivered = deliverModel({ request, layout, isTrial: false }, { objects, spool, signal: closing.signal });
  while ((await readdir(spool)).length === 0) await setImmediate();
  closing.abort();
  await assert.rejects(delivered, { name: 'AbortError' });
  assert.deepEqual([await readdir(spool), keys], [[], []]);
});
