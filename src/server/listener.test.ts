import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { type Handle, listen } from './listener.ts';

const here = { host: '127.0.0.1', port: 0 };

async function serving(t: TestContext, handle: Handle, onDefect = (_: unknown) => {}): Promise<number> {
  const { port, close } = await listen(handle, { ...here, onDefect });
  t.after(() => close(0));
  return port;
}

async function talk(port: number, ...lines: string[]): Promise<string> {
  const socket: Socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.end(lines.join('\r\n'));
  return text(socket);
}

const hello: Handle = async () => ({ status: 200, headers: { 'x-a': 'b' }, body: 'hello' });

describe('the listener', () => {
  it('answers with status, headers and length', async (t) => {
    const port = await serving(t, hello);
    const response = await fetch(`http://127.0.0.1:${port}/`);
    assert.deepEqual(
      [response.status, response.headers.get('x-a'), response.headers.get('content-length'), await response.text()],
      [200, 'b', '5', 'hello'],
    );
  });

  it('streams, and cuts the connection when the stream breaks off', async (t) => {
    const port = await serving(t, async (incoming) => ({
      status: 200,
      headers: { 'Content-Length': '6' },
      body: (async function* () {
        yield Buffer.from('abc');
        if (incoming.url === '/broken') throw new Error('the disk is gone');
        yield Buffer.from('def');
      })(),
    }));
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/whole`)).text(), 'abcdef');
    await assert.rejects(async () => (await fetch(`http://127.0.0.1:${port}/broken`)).text());
  });

  it('tells of an answer that cannot be sent, and answers 500 where nothing was sent yet', async (t) => {
    const told: string[] = [];
    const port = await serving(
      t,
      async () => ({ status: 200, headers: { 'x-a': 'line\nbreak' } }),
      (error) => told.push((error as NodeJS.ErrnoException).code ?? ''),
    );
    assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 500);
    assert.deepEqual(told, ['ERR_INVALID_CHAR']);
  });

  it('asks for a body only when it is read', async (t) => {
    const port = await serving(t, async (incoming, response) => {
      if (incoming.url === '/refuse') return { status: 403, headers: {}, body: 'no' };
      response.writeContinue();
      return { status: 200, headers: {}, body: await text(incoming) };
    });
    const head = ['Host: localhost', 'Content-Length: 3', 'Expect: 100-continue', 'Connection: close', '', ''];
    const refused = await talk(port, 'PUT /refuse HTTP/1.1', ...head);
    assert.match(refused, /^HTTP\/1\.1 403/);
    assert.doesNotMatch(refused, /100 Continue/);
    const socket = connect(port, '127.0.0.1');
    socket.write(['PUT /take HTTP/1.1', ...head].join('\r\n'));
    const [first] = await once(socket, 'data');
    assert.match(String(first), /^HTTP\/1\.1 100 Continue/);
    socket.end('dog');
    assert.match(await text(socket), /^HTTP\/1\.1 200[\s\S]*dog$/);
  });

  it('closes the connection on which a body was left unread', async (t) => {
    const port = await serving(t, hello);
    const answer = await talk(port, 'PUT / HTTP/1.1', 'Host: localhost', 'Content-Length: 1000000', '', 'partial');
    assert.match(answer, /Connection: close/i);
  });

  it('refuses garbage and heads beyond the bounds', async (t) => {
    const port = await serving(t, hello);
    assert.match(await talk(port, 'no http at all', '', ''), /^HTTP\/1\.1 400/);
    assert.match(
      await talk(port, 'GET / HTTP/1.1', 'Host: localhost', `X: ${'a'.repeat(40_000)}`, '', ''),
      /^HTTP\/1\.1 431/,
    );
    const both = [
      'POST / HTTP/1.1',
      'Host: localhost',
      'Content-Length: 3',
      'Transfer-Encoding: chunked',
      '',
      '0',
      '',
      '',
    ];
    assert.match(await talk(port, ...both), /^HTTP\/1\.1 400/);
    assert.match(await talk(port, 'GET / HTTP/1.1', 'Host: localhost', 'Connection: close', '', ''), /^HTTP\/1\.1 200/);
  });

  it('refuses a foreign host before anything else', async (t) => {
    let asked = false;
    const port = await serving(t, async () => {
      asked = true;
      return { status: 200, headers: {} };
    });
    const answer = await talk(port, 'GET / HTTP/1.1', 'Host: evil.example', 'Connection: close', '', '');
    assert.match(answer, /^HTTP\/1\.1 403[\s\S]*evil\.example/);
    assert.equal(asked, false);
  });

  it('lets a request under way end when it closes, within the grace', async () => {
    let finish = (): void => {};
    const arrived = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let release = (): void => {};
    const { port, close } = await listen(
      async () => {
        finish();
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return { status: 200, headers: {}, body: 'late' };
      },
      { ...here, onDefect: () => {} },
    );
    const answer = fetch(`http://127.0.0.1:${port}/`).then((response) => response.text());
    await arrived;
    const closed = close(60_000);
    release();
    assert.equal(await answer, 'late');
    await closed;
  });
});
