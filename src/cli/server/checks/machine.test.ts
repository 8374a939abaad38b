import assert from 'node:assert/strict';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { probeSandbox } from '../../../server/index.ts';
import { localServer } from '../testing/local-server.ts';
import { checkClock, checkDisk, checkNode, checkPort, checkSandbox } from './machine.ts';

describe('the machine of a server', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'whippet-machine-'));
  });
  after(() => rm(directory, { recursive: true }));

  it('has a Node with SQLite, or the server cannot start', () => {
    for (const version of ['22.16.0', '22.20.1', '24.0.0', '26.1.0'])
      assert.equal(checkNode(version).level, 'ok', version);
    for (const version of ['20.20.2', '22.15.1', '21.9.9']) assert.equal(checkNode(version).level, 'fail', version);
  });

  it('has a port that is free, the server’s own, or somebody else’s', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    assert.equal((await checkPort(port, localServer({ url: `http://127.0.0.1:${port}` }))).level, 'ok');
    const taken = await checkPort(port, localServer());
    assert.equal(taken.level, 'warn');
    assert.match(taken.remedy ?? '', /--port 0/);
    await new Promise((resolve) => other.close(resolve));
    assert.equal((await checkPort(port, undefined)).text, `Port ${port} is free.`);
  });

  it('has a clock that does not go back', async () => {
    const now = new Date('2026-01-31T12:00:00Z');
    const surroundings = { directory, variables: {}, now: () => now };
    assert.equal(checkClock(surroundings).level, 'ok');
    await writeFile(join(directory, 'state.db'), '');
    const later = new Date(now.getTime() + 20 * 60_000);
    await utimes(join(directory, 'state.db'), later, later);
    assert.match(checkClock(surroundings).text, /written 20 minutes later/);
    assert.equal(checkClock({ ...surroundings, now: () => later }).level, 'ok');
  });

  it('has a disk, also where the state is still to be made', async () => {
    const surroundings = { directory: join(directory, 'not/yet'), variables: {}, now: () => new Date() };
    assert.match((await checkDisk(surroundings)).text, /^\d.* free where the state is\.$/);
  });

  it('says how far processes of jobs are shut in, and why not', async () => {
    const { level, text } = checkSandbox({ works: true, program: '/usr/bin/bwrap' });
    assert.deepEqual([level, text], ['ok', 'bubblewrap works: processes of jobs are shut in.']);
    const bin = await mkdtemp(join(directory, 'bin-'));
    const missing = checkSandbox(await probeSandbox(bin));
    assert.equal(missing.level, 'info');
    if (process.platform === 'linux') {
      assert.match(missing.text, /not shut in: bubblewrap is not installed\. They can read what you can\./);
      assert.ok(missing.remedy);
      const forbidding = "#!/bin/sh\necho 'bwrap: No permissions to create a new namespace' >&2\nexit 1\n";
      await writeFile(join(bin, 'bwrap'), forbidding, { mode: 0o755 });
      const forbidden = checkSandbox(await probeSandbox(bin));
      assert.match(forbidden.text, /cannot shut in a process here \(bwrap: No permissions to create a new namespace\)/);
    }
  });
});
