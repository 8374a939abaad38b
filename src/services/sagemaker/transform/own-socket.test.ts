import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readlink, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { createServer, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, type TestContext, test } from 'node:test';
import { socketAgent } from './own-socket.ts';

/** What a service at a socket says, whoever asks. */
async function listening(t: TestContext, path: string, says: string): Promise<() => number> {
  let connections = 0;
  const server = createServer((_request, response) => response.end(says));
  server.on('connection', () => {
    connections += 1;
  });
  await once(server.listen(path), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return () => connections;
}

async function openGround(t: TestContext, platform: NodeJS.Platform) {
  const folder = await mkdtemp(join(tmpdir(), 'whippet-own-socket-'));
  const path = join(folder, 'http');
  const agent = socketAgent(path, platform);
  t.after(async () => {
    agent.destroy();
    await rm(folder, { recursive: true });
  });
  const ask = () =>
    new Promise<string>((tell) => {
      const request = get({ agent }, (response) => tell(text(response)));
      request.on('error', ({ message }) => tell(message));
    });
  return { folder, path, agent, ask };
}

const isLinux = process.platform === 'linux';
const noProc = 'there is no /proc';

// Other platforms' way works on Linux, too.
for (const platform of ['linux', 'darwin'] as const) {
  const skip = platform === 'linux' && !isLinux && noProc;
  describe(`the socket of an instance, ${platform}`, { skip }, () => {
    test('it is asked, over a connection that is kept open', async (t) => {
      const { path, ask } = await openGround(t, platform);
      const connections = await listening(t, path, 'own');
      assert.deepEqual([await ask(), await ask()], ['own', 'own']);
      assert.equal(connections(), 1);
    });

    test('a link to the socket of somebody else is not followed, at no connection', async (t) => {
      const { folder, path, agent, ask } = await openGround(t, platform);
      const connections = await listening(t, join(folder, 'foreign'), 'secret');
      await listening(t, path, 'own');
      assert.equal(await ask(), 'own');
      await unlink(path);
      await symlink('foreign', path);
      // Ends the connection that was kept: the next request needs one of its own.
      agent.destroy();
      assert.match(await ask(), /^ELOOP|^what lies at the address of the container is no socket$/);
      assert.equal(connections(), 0);
    });

    test('what is no socket is told', async (t) => {
      const { path, ask } = await openGround(t, platform);
      assert.match(await ask(), /^ENOENT/);
      await writeFile(path, '');
      assert.equal(await ask(), 'what lies at the address of the container is no socket');
      await unlink(path);
      await mkdir(path);
      assert.equal(await ask(), 'what lies at the address of the container is no socket');
    });
  });
}

test('what is looked at does not stay open', { skip: !isLinux && noProc }, async (t) => {
  const { folder, path, agent, ask } = await openGround(t, 'linux');
  await writeFile(path, '');
  await ask();
  await unlink(path);
  await listening(t, path, 'own');
  await ask();
  agent.destroy();
  const open = (await readdir('/proc/self/fd')).map((name) => readlink(join('/proc/self/fd', name)).catch(() => ''));
  assert.deepEqual(
    (await Promise.all(open)).filter((target) => target.startsWith(folder)),
    [],
  );
});
