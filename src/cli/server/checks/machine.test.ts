import assert from 'node:assert/strict';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
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

  it('says how far processes can be shut in, by what works', async () => {
    const level = async (programs: readonly string[]): Promise<string> => {
      const bin = await mkdtemp(join(directory, 'bin-'));
      for (const name of programs) await writeFile(join(bin, name), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
      return (await checkSandbox({ directory, variables: { PATH: bin }, now: () => new Date() })).text;
    };
    assert.match(await level(['bwrap']), /completely/);
    assert.match(await level(['setpriv', 'prlimit']), /limited, but not shut in \(bubblewrap is not installed\)/);
    assert.match(await level([]), /neither/);
  });
});
