import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { jobLayout } from './layout.ts';
import { removeMovedTrees } from './own-tree.ts';

test('a tree whose folders an instance has replaced by links is given up; one as it was is kept', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'whippet-trees-'));
  t.after(() => rm(home, { recursive: true, force: true }));
  const { hosts } = jobLayout({ id: 1, name: 'job' }, { instances: 3, state: { directory: home }, temporary: home });
  const [kept, moved, pointed] = hosts.map(({ root }) => root) as [string, string, string];
  const foreign = join(home, 'foreign');
  await mkdir(join(foreign, 'model'), { recursive: true });
  await writeFile(join(foreign, 'model/theirs'), 'theirs');
  for (const root of [kept, pointed]) await mkdir(root, { recursive: true });
  await mkdir(join(kept, 'checkpoints'));
  await writeFile(join(kept, 'checkpoints/epoch'), 'ours');
  await mkdir(join(moved, '..'), { recursive: true });
  await symlink(foreign, moved);
  await symlink(foreign, join(pointed, 'checkpoints'));
  await removeMovedTrees(hosts);
  assert.equal(await readFile(join(kept, 'checkpoints/epoch'), 'utf8'), 'ours');
  assert.deepEqual(await readdir(join(home, 'jobs/job-1')), ['algo-1']);
  assert.equal(await readFile(join(foreign, 'model/theirs'), 'utf8'), 'theirs');
});
