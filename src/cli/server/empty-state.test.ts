import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ListTrainingJobsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { startServer } from '../../server/index.ts';
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
    await mkdir(join(directory, 'sagemaker/channels/photos'), { recursive: true });
    await writeFile(join(directory, 'sagemaker/channels/photos/1.jpg'), 'photo');
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

  // Root may look into any folder.
  it('takes what a job has locked', { skip: process.getuid?.() === 0 && 'as root there is no lock' }, async () => {
    const locked = join(directory, 'sagemaker/training/dogs/secret');
    await mkdir(join(locked, 'within'), { recursive: true });
    await writeFile(join(locked, 'within/file'), '');
    await chmod(join(locked, 'within'), 0);
    await chmod(locked, 0o500);
    await emptyState(directory, { all: false });
    assert.deepEqual(await entries(), ['.gitignore', 'credentials.json', 'lock.db', 'mine.txt']);
  });

  it('leaves nothing of what a server writes into a state', async () => {
    const state = join(directory, 'state');
    const { url, credentials, stop } = await startServer({ port: 0, state });
    const { accessKeyId, secretAccessKey } = credentials;
    const client = new SageMakerClient({
      ...{ endpoint: url, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey } },
    });
    // SageMaker makes its folder when it is first asked for something.
    await client.send(new ListTrainingJobsCommand({}));
    client.destroy();
    await stop();
    assert.ok((await readdir(state)).includes('sagemaker'));
    await emptyState(state, { all: false });
    assert.deepEqual((await readdir(state)).sort(), ['credentials.json', 'lock.db']);
    await emptyState(state, { all: true });
    assert.ok(!(await entries()).includes('state'));
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
