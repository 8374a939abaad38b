import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { makeFolder } from './make-folder.ts';

it('a folder is made with those above it, or it is said why not', async () => {
  const home = await mkdtemp(join(tmpdir(), 'whippet-folders-'));
  makeFolder(join(home, 'a/b/c'));
  makeFolder(join(home, 'a/b/c'));
  assert.equal((await stat(join(home, 'a/b/c'))).mode & 0o777, 0o700);
  await writeFile(join(home, 'file'), '');
  for (const path of [
    join(home, 'file'),
    join(home, 'file/below'),
    ...(process.platform === 'linux' ? ['/proc/whippet/state'] : []),
  ]) {
    assert.throws(() => makeFolder(path), { code: 'WHIPPET_STORE_DIRECTORY' });
  }
  await rm(home, { recursive: true });
});
