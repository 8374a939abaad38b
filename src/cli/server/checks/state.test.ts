import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { startServer } from '../../../server/index.ts';
import { emptyState } from '../empty-state.ts';
import { findServer } from '../find-server.ts';
import { localServer } from '../testing/local-server.ts';
import type { Finding } from './finding.ts';
import { checkState, type StateCheck } from './state.ts';

describe('the check of a state', () => {
  let directory: string;
  const check = (options: Partial<StateCheck> = {}): Promise<Finding[]> =>
    checkState({ directory, variables: {}, now: () => new Date(), server: undefined, repair: false, ...options });
  const levels = (findings: readonly Finding[]): string => findings.map(({ level }) => level).join(' ');
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'whippet-check-'));
    await (await startServer({ port: 0, state: directory })).stop();
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('finds nothing in one that is whole', async () => {
    assert.equal(levels(await check()), 'ok ok');
  });

  it('finds keys that others can read, and closes them', async () => {
    await chmod(join(directory, 'credentials.json'), 0o644);
    const [found] = await check();
    assert.equal(found?.level, 'fail');
    assert.match(found?.text ?? '', /Other users can read .*credentials\.json\.$/);
    assert.equal(levels(await check({ repair: true })), 'ok ok');
    assert.equal((await stat(join(directory, 'credentials.json'))).mode & 0o777, 0o600);
    assert.equal(levels(await check()), 'ok ok');
  });

  it('takes one that was emptied for what it is', async () => {
    await emptyState(directory, { all: false });
    const found = await check();
    assert.equal(levels(found), 'ok info');
    assert.match(found[1]?.text ?? '', /is empty but for its root key/);
  });

  it('finds a damaged database, and says that a copy is needed', async () => {
    await truncate(join(directory, 'state.db'), 6_000);
    const [, found] = await check();
    assert.equal(found?.level, 'fail');
    assert.match(found?.text ?? '', /^The database is inconsistent: /);
    assert.match(found?.remedy ?? '', /copy/);
  });

  it('counts findings of a kind instead of listing thousands', async () => {
    for (let index = 0; index < 5; index++) {
      await writeFile(join(directory, 'blobs/incoming', `half-${index}`), 'x', { mode: 0o600 });
    }
    const [, found] = await check();
    assert.equal(found?.level, 'warn');
    assert.match(found?.text ?? '', /^Uploads broke off: .*half-\d.*, and 2 more\.$/);
    assert.equal(levels(await check({ repair: true })), 'ok ok ok');
    assert.equal(levels(await check()), 'ok ok');
  });

  it('asks the server where one runs, and says where one does not answer', async () => {
    const server = await startServer({ port: 0, state: directory });
    assert.match((await check({ server: await findServer(directory) }))[1]?.text ?? '', /^The server .* answers/);
    await server.stop();
    const [, gone] = await check({ server: localServer({ url: server.url }) });
    assert.equal(gone?.level, 'fail');
    assert.match(gone?.text ?? '', /nothing listens there/);
  });

  it('takes no other folder for a state', async () => {
    const other = await mkdtemp(join(tmpdir(), 'whippet-other-'));
    assert.equal(levels(await check({ directory: other })), 'info');
    await writeFile(join(other, 'thesis.txt'), '');
    assert.equal(levels(await check({ directory: other, repair: true })), 'fail');
    await rm(other, { recursive: true });
  });
});
