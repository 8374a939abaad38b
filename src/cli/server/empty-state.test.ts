import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { emptyState } from './empty-state.ts';

describe('emptying a state', () => {
  let directory: string;
  const entries = async (): Promise<string[]> => (await readdir(directory)).sort();
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'whippet-empty-'));
    for (const name of [
      'credentials.json',
      'state.db',
      'state.db-wal',
      'server.json',
      'server.log',
      '.gitignore',
      'mine.txt',
    ]) {
      await writeFile(join(directory, name), '');
    }
    await mkdir(join(directory, 'blobs/ab'), { recursive: true });
    await writeFile(join(directory, 'blobs/ab/cdef'), 'bytes');
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('takes what is stored, and leaves the key and what others put there', async () => {
    await emptyState(directory, { all: false });
    assert.deepEqual(await entries(), ['.gitignore', 'credentials.json', 'lock.db', 'mine.txt']);
  });

  it('takes the key too, and the folder if nothing else is in it', async () => {
    await emptyState(directory, { all: true });
    assert.deepEqual(await entries(), ['mine.txt']);
    await rm(join(directory, 'mine.txt'));
    await writeFile(join(directory, 'credentials.json'), '');
    await emptyState(directory, { all: true });
    await assert.rejects(readdir(directory), { code: 'ENOENT' });
  });

  it('does not touch what a server holds', async () => {
    const holder = new DatabaseSync(join(directory, 'lock.db'));
    holder.exec('BEGIN EXCLUSIVE');
    const before = await entries();
    await assert.rejects(emptyState(directory, { all: true }), { code: 'WHIPPET_STORE_LOCKED' });
    assert.deepEqual(await entries(), before);
    holder.close();
  });

  it('does not touch a folder that is no state', async () => {
    await rm(join(directory, 'credentials.json'));
    await assert.rejects(emptyState(directory, { all: true }), { code: 'WHIPPET_SERVER_NO_STATE' });
    assert.ok((await entries()).includes('state.db'));
  });
});
