import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { makeSocketFolder, removeSocketFolders, socketFolder } from './socket-folder.ts';

async function temporaryFolder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'whippet-sockets-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('what a killed server left among temporary files is removed by the next one, and no other', async (t) => {
  const temporary = await temporaryFolder(t);
  const place = (state: string, job: string): string =>
    socketFolder(`/${'deep/'.repeat(30)}`, { state, temporary, job });
  for (const folder of [place('/a', '1'), place('/a', 't1'), place('/a', '2'), place('/b', '1')]) {
    assert.ok(folder.startsWith(temporary));
    await makeSocketFolder(folder);
    await writeFile(join(folder, '1.sock'), '');
  }
  await writeFile(join(temporary, 'other'), '');
  await removeSocketFolders({ state: '/a', temporary }, (job) => job === '1');
  const left = (await readdir(temporary)).map((name) => join(temporary, name)).sort();
  assert.deepEqual(left, [join(temporary, 'other'), place('/a', 't1'), place('/a', '2'), place('/b', '1')].sort());
});

test('a folder is short where its own place is, and empty when it is made', async (t) => {
  const near = join(await temporaryFolder(t), 'jobs', '1.sockets');
  assert.equal(socketFolder(near, { state: '/a', temporary: '/tmp', job: '1' }), near);
  await mkdir(near, { recursive: true });
  await writeFile(join(near, '1.sock'), '');
  await makeSocketFolder(near);
  assert.deepEqual(await readdir(near), []);
});
