import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { clearTree } from './config-files.ts';
import { type HostLayout, jobLayout } from './layout.ts';
import { removeMovedTrees } from './own-tree.ts';

test('a tree whose folders an instance has replaced by links is given up; one as it was is kept', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'whippet-trees-'));
  t.after(() => rm(home, { recursive: true, force: true }));
  const { hosts } = jobLayout({ id: 1, name: 'job' }, { instances: 4, state: { directory: home }, temporary: home });
  const [kept, moved, pointed, turned] = hosts.map(({ root }) => root) as [string, string, string, string];
  const foreign = join(home, 'foreign');
  await mkdir(join(foreign, 'model'), { recursive: true });
  await writeFile(join(foreign, 'model/theirs'), 'theirs');
  for (const root of [kept, pointed, turned]) await mkdir(root, { recursive: true });
  await mkdir(join(kept, 'checkpoints'));
  await writeFile(join(kept, 'checkpoints/epoch'), 'ours');
  await mkdir(join(moved, '..'), { recursive: true });
  await symlink(foreign, moved);
  await symlink(foreign, join(pointed, 'checkpoints'));
  await symlink(foreign, join(turned, 'output'));
  await removeMovedTrees(hosts);
  assert.equal(await readFile(join(kept, 'checkpoints/epoch'), 'utf8'), 'ours');
  assert.deepEqual(await readdir(join(home, 'jobs/job-1')), ['algo-1']);
  assert.equal(await readFile(join(foreign, 'model/theirs'), 'utf8'), 'theirs');
});

test('of an earlier attempt, checkpoints and what rules found stay; results go', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'whippet-trees-'));
  t.after(() => rm(home, { recursive: true, force: true }));
  const { hosts } = jobLayout({ id: 1, name: 'job' }, { instances: 1, state: { directory: home }, temporary: home });
  const [host] = hosts as [HostLayout];
  const files = [
    'checkpoints/epoch',
    'model/model.onnx',
    'output/failure',
    'output/data/run.json',
    'output/rules/Overfit.json',
  ];
  for (const file of files) {
    await mkdir(dirname(join(host.root, file)), { recursive: true });
    await writeFile(join(host.root, file), '');
  }
  await clearTree(host);
  const left = await readdir(host.root, { recursive: true });
  assert.deepEqual(left.filter((name) => files.includes(name)).sort(), [
    'checkpoints/epoch',
    'output/rules/Overfit.json',
  ]);
});
