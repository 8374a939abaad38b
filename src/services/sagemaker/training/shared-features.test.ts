import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { removeUnfinished, sharedFeatures } from './shared-features.ts';

const space = 'ab'.repeat(16);

/** As the engine begins a segment. */
function header(of = space): Buffer {
  const bytes = Buffer.alloc(56);
  bytes.write('whipsegm');
  bytes.writeUInt32LE(1, 8);
  bytes.write(of, 16, 'hex');
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 48)), 48);
  return bytes;
}

test('segments of an instance come to the shared cache; nothing else does', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'whippet-features-'));
  t.after(() => rm(home, { recursive: true, force: true }));
  const cache = join(home, 'cache');
  const folder = join(cache, `features-${space}`);
  await mkdir(folder, { recursive: true });
  await mkdir(join(cache, 'weights'));
  const name = (at: number, kind = 'segment') => `170000000000${at}-12-0a0b0c0${at}.${kind}`;
  await writeFile(join(folder, name(1)), header());
  await writeFile(join(folder, name(2, 'open')), header());
  await writeFile(join(folder, name(3)), header('cd'.repeat(16)));
  await writeFile(join(folder, name(4)), header().fill(0, 48, 52));
  await writeFile(join(folder, name(5)), 'short');
  await symlink('/etc/passwd', join(folder, name(6)));
  await writeFile(join(folder, 'anything'), header());
  await writeFile(join(cache, 'weights', name(7)), header());
  await symlink(folder, join(cache, `features-${'ef'.repeat(16)}`));

  const shared = sharedFeatures(join(home, 'shared'), (error) => assert.fail(String(error)));
  assert.equal(await shared.take(cache), 2);
  assert.deepEqual(await readdir(join(home, 'shared')), [`features-${space}`]);
  assert.deepEqual(await readdir(join(home, 'shared', `features-${space}`)), [name(1), name(2)]);
  assert.equal(await shared.take(cache), 0);
  assert.equal(await shared.take(join(home, 'nowhere')), 0);

  const replacement = Buffer.concat([header(), Buffer.from('another')]);
  await writeFile(join(folder, name(1)), replacement);
  assert.equal(await shared.take(cache), 0, 'an instance sees the names of segments, and replaces none');
  assert.deepEqual(await readFile(join(home, 'shared', `features-${space}`, name(1))), header());
});

test('what an instance may still write to is copied', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'whippet-features-'));
  t.after(() => rm(home, { recursive: true, force: true }));
  const cache = join(home, 'cache');
  const name = '1700000000001-12-0a0b0c01.segment';
  const file = join(cache, `features-${space}`, name);
  await mkdir(join(cache, `features-${space}`), { recursive: true });
  await writeFile(file, Buffer.concat([header(), Buffer.from('rows')]));
  const shared = sharedFeatures(join(home, 'shared'), (error) => assert.fail(String(error)));
  assert.equal(await shared.take(cache, { isAlive: true }), 1);
  await writeFile(file, 'the instance goes on writing');
  const kept = await readFile(join(home, 'shared', `features-${space}`, name));
  assert.deepEqual(kept, Buffer.concat([header(), Buffer.from('rows')]));
});

test('what could not be copied does not stay, nor what a killed server had begun to copy', {
  skip: process.platform !== 'linux' && 'there is no /dev/full',
}, async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'whippet-features-'));
  t.after(() => rm(home, { recursive: true, force: true }));
  const [from, to] = ['cache', 'shared'].map((name) => join(home, name, `features-${space}`)) as [string, string];
  const name = '1700000000001-12-0a0b0c01.segment';
  for (const folder of [from, to]) await mkdir(folder, { recursive: true });
  await writeFile(join(from, name), Buffer.concat([header(), Buffer.from('rows')]));
  await symlink('/dev/full', join(to, `${name}.part`));
  const told: unknown[] = [];
  const shared = sharedFeatures(join(home, 'shared'), (error) => told.push(error));
  assert.equal(await shared.take(join(home, 'cache'), { isAlive: true }), 0);
  assert.match(String(told), /ENOSPC/);
  assert.deepEqual(await readdir(to), []);

  for (const kind of ['', '.part']) await writeFile(join(to, `${name}${kind}`), header());
  await removeUnfinished(home);
  assert.deepEqual(await readdir(to), [name]);
  await removeUnfinished(join(home, 'nowhere'));
});

test('downloaded weights come along with their lock, once', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'whippet-features-'));
  t.after(() => rm(home, { recursive: true, force: true }));
  const weights = join(home, 'cache', 'weights');
  await mkdir(weights, { recursive: true });
  const fill = async (bytes: string): Promise<void> => {
    for (const name of ['resnet50.safetensors', 'resnet50.safetensors.lock.json', 'alone.safetensors', 'other']) {
      await writeFile(join(weights, name), bytes);
    }
    await symlink('/etc/passwd', join(weights, 'link.safetensors')).catch(() => {});
    await writeFile(join(weights, 'link.safetensors.lock.json'), bytes);
  };
  const shared = sharedFeatures(join(home, 'shared'), (error) => assert.fail(String(error)));
  await fill('first');
  await shared.take(join(home, 'cache'));
  await fill('second');
  await shared.take(join(home, 'cache'));
  const kept = join(home, 'shared', 'weights');
  assert.deepEqual(await readdir(kept), ['resnet50.safetensors', 'resnet50.safetensors.lock.json']);
  for (const name of await readdir(kept)) assert.equal(await readFile(join(kept, name), 'utf8'), 'first');
});

test('trouble with the disk is told and ends nothing', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'whippet-features-'));
  t.after(() => rm(home, { recursive: true, force: true }));
  await writeFile(join(home, 'file'), '');
  const told: unknown[] = [];
  assert.equal(await sharedFeatures(join(home, 'file', 'shared'), (error) => told.push(error)).take(home), 0);
  assert.equal(told.length, 1);
});
