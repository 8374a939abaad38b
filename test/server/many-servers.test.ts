import assert from 'node:assert/strict';
import { once } from 'node:events';
import { access, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { isWhippetError } from '../../src/errors/index.ts';
import { startServer, type WhippetServer } from '../../src/server/index.ts';
import { callerOf, rawRequest, send } from './client.ts';
import { temporaryFolder } from './running.ts';
import { signed } from './signing.ts';

const inMemory = { port: 0, state: 'memory' } as const;

async function refusalOf(start: Promise<WhippetServer>): Promise<{ code: string; message: string }> {
  try {
    await (await start).stop();
  } catch (error) {
    assert.ok(isWhippetError(error), String(error));
    return error;
  }
  throw new Error('it started');
}

describe('many servers in one process', () => {
  test('are apart: each has its port, its key and its objects', async (t) => {
    const servers = await Promise.all(Array.from({ length: 10 }, () => startServer(inMemory)));
    t.after(() => Promise.all(servers.map((server) => server.stop())));
    assert.equal(new Set(servers.map(({ url }) => url)).size, 10);
    assert.equal(new Set(servers.map(({ state }) => state)).size, 10);
    assert.equal(new Set(servers.map(({ credentials }) => credentials.secretAccessKey)).size, 10);
    const callers = servers.map(({ url, credentials }) => callerOf(url, credentials));
    await Promise.all(
      callers.map(async (caller, index) => {
        assert.equal((await caller.s3('PUT', '/bucket')).status, 200);
        assert.equal((await caller.s3('PUT', '/bucket/key', { body: `of ${index}` })).status, 200);
      }),
    );
    const found = await Promise.all(callers.map(async (caller) => (await caller.s3('GET', '/bucket/key')).text));
    assert.deepEqual(
      found,
      callers.map((_, index) => `of ${index}`),
    );
    const [first, second] = servers as [WhippetServer, WhippetServer];
    assert.equal((await callerOf(second.url, first.credentials).s3('GET', '/')).status, 403);
  });

  test('started and stopped 50 times, leave no folder, no port and nothing that keeps the process', async () => {
    const folders = async (): Promise<string[]> =>
      (await readdir(tmpdir())).filter((name) => /^whippet-\w{6}$/.test(name));
    const resources = (): number => process.getActiveResourcesInfo().length;
    const states: string[] = [];
    let before = 0;
    for (let round = 0; round < 50; round++) {
      const server = await startServer(inMemory);
      states.push(server.state);
      if (round % 10 === 0) await callerOf(server.url, server.credentials).s3('PUT', '/bucket');
      await server.stop();
      await server.stop();
      await server.stopped;
      // The first ones load what stays.
      if (round === 10) before = resources();
    }
    const left = new Set(await folders());
    assert.deepEqual(
      states.filter((state) => left.has(state.slice(tmpdir().length + 1))),
      [],
    );
    assert.ok(resources() <= before + 2, `${resources()} resources, ${before} before`);
    const open = await readdir('/proc/self/fd').catch(() => []);
    assert.ok(open.length < 100, `${open.length} open files`);
  });
});

describe('stopping', () => {
  test('lets an upload under way end, takes no other, and may be asked for twice', async () => {
    const server = await startServer({ port: 0, state: 'memory' });
    const root = callerOf(server.url, server.credentials);
    await root.s3('PUT', '/bucket');
    const body = Buffer.from('0123456789');
    const request = await signed(rawRequest(server.url, { method: 'PUT', target: '/bucket/slow', body }), {
      ...{ keys: server.credentials, service: 's3' },
    });
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    const headers = Object.entries({ ...request.headers, 'content-length': '10', expect: '100-continue' });
    socket.write(
      `PUT /bucket/slow HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
    );
    const [first] = (await once(socket, 'data')) as [Buffer];
    assert.match(String(first), /^HTTP\/1\.1 100 /);
    const stopping = Promise.all([server.stop(), server.stop()]);
    socket.write(body);
    assert.match(await text(socket), /^HTTP\/1\.1 200 /);
    await stopping;
    await assert.rejects(send(server.url, request));
    await assert.rejects(access(server.state));
  });

  test('cuts off who does not end, and frees the state for the next', async (t) => {
    const state = await temporaryFolder(t);
    const server = await startServer({ port: 0, state });
    const root = callerOf(server.url, server.credentials);
    await root.s3('PUT', '/bucket');
    const request = await signed(
      rawRequest(server.url, { method: 'PUT', target: '/bucket/never', body: Buffer.alloc(9) }),
      {
        ...{ keys: server.credentials, service: 's3' },
      },
    );
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.on('error', () => {});
    const headers = Object.entries({ ...request.headers, 'content-length': '9', expect: '100-continue' });
    socket.write(
      `PUT /bucket/never HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
    );
    await once(socket, 'data');
    socket.resume();
    await Promise.all([server.stop(), once(socket, 'close')]);
    const next = await startServer({ port: 0, state });
    t.after(() => next.stop());
    assert.deepEqual(next.credentials, server.credentials);
    const again = callerOf(next.url, next.credentials);
    assert.equal((await again.s3('GET', '/bucket/never')).status, 404);
    assert.equal((await again.s3('HEAD', '/bucket')).status, 200);
  });

  test('in the middle of many requests loses none that was acknowledged', async (t) => {
    const state = await temporaryFolder(t);
    const log: string[] = [];
    const server = await startServer({ port: 0, state, onLog: (line) => void log.push(line) });
    const root = callerOf(server.url, server.credentials);
    await root.s3('PUT', '/bucket');
    const bodies = Array.from({ length: 40 }, (_, index) => Buffer.alloc(100_000 * (index % 5), `${index} `));
    const uploads = bodies.map((body, index) => root.s3('PUT', `/bucket/${index}`, { body }).catch(() => undefined));
    await Promise.race(uploads.slice(3));
    await server.stop();
    const answers = await Promise.all(uploads);
    const next = await startServer({ port: 0, state });
    t.after(() => next.stop());
    const again = callerOf(next.url, next.credentials);
    for (const [index, answer] of answers.entries()) {
      const { status, body } = await again.s3('GET', `/bucket/${index}`);
      if (answer?.status === 200) assert.equal(status, 200, `${index} was acknowledged`);
      if (status === 200) assert.ok(body.equals(bodies[index] as Buffer), `${index} is whole`);
    }
    assert.deepEqual(
      log.filter((line) => line.includes('"level":"error"')),
      [],
    );
  });

  test('is asked for by the root user over HTTP', async () => {
    const server = await startServer(inMemory);
    const root = callerOf(server.url, server.credentials);
    const request = rawRequest(server.url, { method: 'POST', target: '/_whippet/v1/stop' });
    assert.equal((await root.send(request, { service: 'whippet' })).status, 202);
    await server.stopped;
  });
});

describe('a server does not start', () => {
  test('on a state that another one uses, and names that', async (t) => {
    const state = await temporaryFolder(t);
    const server = await startServer({ port: 0, state });
    t.after(() => server.stop());
    const { code, message } = await refusalOf(startServer({ port: 0, state }));
    assert.equal(code, 'WHIPPET_STORE_LOCKED');
    assert.ok(message.includes(server.url) && message.includes(`pid ${process.pid}`), message);
    assert.equal((await callerOf(server.url, server.credentials).s3('GET', '/')).status, 200);
  });

  test('on a port that is taken, and names who has it', async (t) => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    t.after(() => other.close());
    const { port } = other.address() as AddressInfo;
    const { code, message } = await refusalOf(startServer({ port, state: 'memory' }));
    assert.equal(code, 'WHIPPET_SERVER_PORT');
    assert.ok(message.includes(`${port}`), message);
    if (process.platform === 'linux') assert.ok(message.includes(`pid ${process.pid}`), message);
    const state = await mkdtemp(join(tmpdir(), 'whippet-test-'));
    t.after(() => rm(state, { recursive: true, force: true }));
    await refusalOf(startServer({ port, state }));
    // Nothing is left locked.
    await (await startServer({ port: 0, state })).stop();
  });
});
