import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openStore } from '../../store/index.ts';
import { hostTables } from '../tables.ts';
import type { Isolation } from './instance.ts';
import { processIdentity } from './process-identity.ts';
import { processRecords } from './process-records.ts';
import { endSurvivors } from './survivors.ts';
import { gone, openGround, withoutBubblewrap } from './testing/ground.ts';

/** Starts a server that starts an instance, and kills the server. @returns ids of what it may have left. */
async function killedServer(folder: string, isolation: Isolation): Promise<number[]> {
  const script = fileURLToPath(new URL('./testing/doomed-server.ts', import.meta.url));
  const server = spawn(process.execPath, [script, folder, isolation], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(server.stdout.setEncoding('utf8'), 'data');
  server.kill('SIGKILL');
  await once(server, 'exit');
  return String(line).trim().split(' ').map(Number);
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'whippet-survivors-')));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('what a killed server left running is ended at the next start: children of its own kinds, too', async () => {
  await inFolder(async (folder) => {
    const pids = await killedServer(folder, 'process');
    for (const pid of pids) assert.ok(processIdentity(pid), `${pid} survives the server`);
    const store = await openStore({ directory: join(folder, 'state'), schemas: [hostTables], durability: 'memory' });
    assert.equal(await endSurvivors(store.database), 1);
    for (const pid of pids) assert.equal(processIdentity(pid), undefined);
    assert.equal(await endSurvivors(store.database), 0);
    await store.close();
  });
});

test('a sandbox dies with the server', { skip: withoutBubblewrap }, async () => {
  await inFolder(async (folder) => {
    const [first = 0] = await killedServer(folder, 'bubblewrap');
    await gone(first);
    const store = await openStore({ directory: join(folder, 'state'), schemas: [hostTables], durability: 'memory' });
    assert.equal(await endSurvivors(store.database), 0);
    await store.close();
  });
});

test('another process that has the id of one that ended is left alone', async () => {
  await using ground = await openGround({ isolation: 'process' });
  const stranger = await ground.run(`setInterval(() => {}, 1000); console.log('ready')`);
  await stranger.said('ready');
  const records = processRecords(ground.store.database);
  records.add({ pid: stranger.pid, name: 'ended', mark: 'none', identity: 'an earlier boot 17' });
  assert.equal(await endSurvivors(ground.store.database), 0);
  assert.ok(processIdentity(stranger.pid));
  assert.deepEqual(records.all(), []);
});

test('the identity of a process stays, and ends with it', async () => {
  await using ground = await openGround({ isolation: 'process' });
  const instance = await ground.run(`setInterval(() => {}, 1000); console.log('ready')`);
  await instance.said('ready');
  const identity = processIdentity(instance.pid);
  assert.ok(identity);
  assert.equal(processIdentity(instance.pid), identity);
  assert.notEqual(processIdentity(process.pid), identity);
  await instance.stop(0);
  assert.equal(processIdentity(instance.pid), undefined);
});
