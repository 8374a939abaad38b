import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { makeDirectory } from './make-directory.ts';

it('makes what is missing, for its owner only', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'whippet-folders-'));
  t.after(() => rm(home, { recursive: true }));
  const folder = join(home, 'a', 'b');
  assert.equal(await makeDirectory(folder), true);
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  assert.equal(await makeDirectory(folder), false);
  await mkdir(join(home, 'given'));
  assert.equal(await makeDirectory(join(home, 'given')), false);
});

it('refuses a file in its place, and a place where nothing can be made', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'whippet-folders-'));
  t.after(() => rm(home, { recursive: true }));
  await writeFile(join(home, 'file'), '');
  await assert.rejects(makeDirectory(join(home, 'file')), { code: 'EEXIST' });
  await assert.rejects(makeDirectory(join(home, 'file', 'below')), { code: 'ENOTDIR' });
  if (process.platform === 'linux') await assert.rejects(makeDirectory('/proc/nowhere/at/all'), { code: 'ENOENT' });
});
