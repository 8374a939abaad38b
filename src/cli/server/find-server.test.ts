import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { findServer, requireServer } from './find-server.ts';

describe('the server of a state', () => {
  let directory: string;
  const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' };
  const write = (name: string, value: object): Promise<void> => writeFile(join(directory, name), JSON.stringify(value));
  const discovery = () => ({ url: 'http://0.0.0.0:4566', pid: process.pid, startedAt: new Date().toISOString() });
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'whippet-find-'));
    await write('credentials.json', credentials);
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('is the live process that says so, at an address that can be called', async () => {
    await write('server.json', discovery());
    const found = await findServer(directory);
    assert.equal(found?.url, 'http://127.0.0.1:4566');
    assert.equal(found?.pid, process.pid);
    assert.deepEqual(found?.credentials, credentials);
    await write('server.json', { ...discovery(), url: 'http://[::]:80' });
    assert.equal((await findServer(directory))?.url, 'http://[::1]:80');
  });

  it('is none where the process is gone, or is not the one of then', async () => {
    await write('server.json', { ...discovery(), pid: 2 ** 22 + 1 });
    assert.equal(await findServer(directory), undefined);
    await write('server.json', { ...discovery(), startedAt: '2020-01-01T00:00:00Z' });
    assert.equal(await findServer(directory), undefined);
    await assert.rejects(requireServer(directory), { code: 'WHIPPET_SERVER_NOT_RUNNING' });
  });

  it('is none where its file is missing or torn', async () => {
    assert.equal(await findServer(directory), undefined);
    for (const text of ['', '{"url": "http', 'null', '{"url": "nonsense", "pid": 1, "startedAt": ""}']) {
      await writeFile(join(directory, 'server.json'), text);
      assert.equal(await findServer(directory), undefined);
    }
  });

  it('is none where its file holds what no server writes: more lines for a profile, many processes for one', async () => {
    const evil = 'x\ncredential_process = evil';
    for (const strange of [
      { url: 'http://127.0.0.1/\ncredential_process = evil' },
      { url: 'file:///etc/passwd' },
      { region: evil },
      { account: evil },
      { pid: -1 },
      { pid: 0 },
    ]) {
      await write('server.json', { ...discovery(), ...strange });
      assert.equal(await findServer(directory), undefined, JSON.stringify(strange));
    }
    await write('server.json', discovery());
    await write('credentials.json', { ...credentials, secretAccessKey: evil });
    await assert.rejects(findServer(directory), { code: 'WHIPPET_SERVER_CREDENTIALS' });
  });

  it('cannot be spoken to without its key', async () => {
    await write('server.json', discovery());
    await write('credentials.json', {});
    await assert.rejects(findServer(directory), { code: 'WHIPPET_SERVER_CREDENTIALS' });
  });
});
