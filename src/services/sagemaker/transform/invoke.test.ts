import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type Invocation, invokeContainer, type Target } from './invoke.ts';
import { socketAgent } from './own-socket.ts';

/** A container that answers as the test says. */
async function container(t: TestContext, listener: RequestListener): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'whippet-invoke-'));
  const socketPath = join(folder, '1.sock');
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const agent = socketAgent(socketPath);
  t.after(async () => {
    agent.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });
  return { agent, results: { limit: 1 << 20, held: 0 } };
}

function invocation(more: Partial<Invocation> = {}): Invocation {
  return {
    open: async () => Readable.from([Buffer.from('pic'), Buffer.from('ture')]),
    ...{ size: 7, contentType: 'image/jpeg', accept: 'application/json', timeout: 5, retries: 3 },
    signal: new AbortController().signal,
    ...more,
  };
}

test('the body goes to /invocations with its type and length, the answer comes back', async (t) => {
  const target = await container(t, async (request, response) => {
    const body = await text(request);
    const { 'content-type': type, 'content-length': length, accept } = request.headers;
    response.setHeader('content-type', 'text/plain');
    response.end(`${request.method} ${request.url} ${type} ${length} ${accept} ${body}`);
  });
  const answer = await invokeContainer(target, invocation());
  assert.deepEqual(answer, {
    kind: 'result',
    body: Buffer.from('POST /invocations image/jpeg 7 application/json picture'),
    contentType: 'text/plain',
  });
});

test('connections are kept open: one that the container closed with its answer would break the end of the request', async (t) => {
  const connections = new Set<unknown>();
  const target = await container(t, (request, response) => {
    connections.add(request.socket);
    request.resume().once('end', () => response.end('answer'));
  });
  for (let turn = 1; turn <= 3; turn++) assert.equal((await invokeContainer(target, invocation())).kind, 'result');
  assert.equal(connections.size, 1);
});

test('the last bytes come with the end of the request: nothing is left to be written when a container answers and leaves', async (t) => {
  let isOver = false;
  let wasOver: boolean | undefined;
  const target = await container(t, (request, response) => {
    let body = '';
    request.on('data', (bytes) => {
      body += bytes;
      if (body === 'picture') wasOver = isOver;
    });
    request.on('end', () => response.end());
  });
  async function* slowToEnd() {
    yield Buffer.from('pic');
    yield Buffer.from('ture');
    await setTimeout(50);
    isOver = true;
  }
  const open = async () => Readable.from(slowToEnd());
  assert.equal((await invokeContainer(target, invocation({ open }))).kind, 'result');
  assert.equal(wasOver, true);
});

test('what the container refuses is not asked for again, and its message is told', async (t) => {
  let asked = 0;
  const target = await container(t, (request, response) => {
    asked += 1;
    request.resume();
    response.statusCode = 415;
    response.end('{"error": {"code": "X", "message": "The picture\\n cannot be read"}}');
  });
  const answer = await invokeContainer(target, invocation());
  assert.deepEqual(answer, { kind: 'problem', status: 415, message: 'The picture cannot be read' });
  assert.equal(asked, 1);
});

test('a busy container is asked again, with the body from its beginning', async (t) => {
  let asked = 0;
  const target = await container(t, async (request, response) => {
    const body = await text(request);
    asked += 1;
    response.statusCode = asked < 3 ? 503 : 200;
    response.end(body);
  });
  const answer = await invokeContainer(target, invocation());
  assert.deepEqual([answer.kind, asked], ['result', 3]);
  assert.equal(answer.kind === 'result' && answer.body.toString(), 'picture');
});

test('a failure that stays is told after as many attempts as are allowed', async (t) => {
  let asked = 0;
  const target = await container(t, (request, response) => {
    asked += 1;
    request.resume();
    response.statusCode = 500;
    response.end('no JSON');
  });
  const answer = await invokeContainer(target, invocation({ retries: 1 }));
  assert.deepEqual([answer, asked], [{ kind: 'problem', status: 500, message: 'no JSON' }, 2]);
});

test('a connection that breaks and nobody who answers are told', async (t) => {
  const target = await container(t, (request) => request.socket.destroy());
  const broken = await invokeContainer(target, invocation({ retries: 0 }));
  assert.match(broken.kind === 'problem' ? broken.message : '', /^no answer: /);
  const nobody = { ...target, agent: socketAgent(join(tmpdir(), 'whippet-nobody.sock')) };
  const gone = await invokeContainer(nobody, invocation({ retries: 0 }));
  assert.deepEqual(gone, { kind: 'problem', status: undefined, message: 'no answer: open ENOENT' });
});

test('an answer that takes too long is given up', async (t) => {
  const target = await container(t, (request) => request.resume());
  const answer = await invokeContainer(target, invocation({ retries: 0, timeout: 0.05 }));
  assert.deepEqual(answer, { kind: 'problem', status: undefined, message: 'no answer within 0.05 seconds' });
});

test('a job that ends waits for no answer', async (t) => {
  const stop = new AbortController();
  const target = await container(t, (request) => {
    request.resume();
    stop.abort(new Error('the end'));
  });
  await assert.rejects(invokeContainer(target, invocation({ signal: stop.signal })), /the end/);
});

test('a body that cannot be opened is nobody’s problem but its own', async (t) => {
  const target = await container(t, (_request, response) => response.end());
  const open = () => Promise.reject(new Error('NoSuchKey'));
  await assert.rejects(invokeContainer(target, invocation({ open })), /NoSuchKey/);
});

test('a body that breaks off is a problem of this object', async (t) => {
  const target = await container(t, (request) => request.resume());
  const open = async () =>
    new Readable({
      read() {
        this.push('pic');
        this.destroy(new Error('the blob is damaged'));
      },
    });
  const answer = await invokeContainer(target, invocation({ open, retries: 0 }));
  assert.match(answer.kind === 'problem' ? answer.message : '', /the blob is damaged/);
});

test('a result counts as held until it is taken off', async (t) => {
  const target = await container(t, (_request, response) => response.end('answer'));
  await invokeContainer(target, invocation());
  assert.equal(target.results.held, 6);
});

test('answers that are too long, or do not say how long they are, are given up', async (t) => {
  const attempt = async (status: number, head: Record<string, string>) => {
    const target = await container(t, (request, response) => {
      request.resume();
      response.writeHead(status, head);
      const more = () => void (response.destroyed || response.write(Buffer.alloc(1 << 16, 'a'), more));
      more();
    });
    const answer = await invokeContainer(target, invocation({ retries: 1 }));
    const open = Object.values(target.agent.sockets).filter((sockets) => sockets?.some(({ destroyed }) => !destroyed));
    assert.deepEqual([answer.kind, target.results.held, open], ['problem', 0, []]);
    return answer.kind === 'problem' ? [answer.status, answer.message] : [];
  };
  const length = { 'content-length': String(1 << 30) };
  assert.deepEqual(await attempt(200, length), [undefined, 'no answer: the answer is larger than 4194304 bytes']);
  assert.deepEqual(await attempt(500, length), [500, 'a'.repeat(500)]);
  for (const status of [200, 500])
    assert.deepEqual(await attempt(status, {}), [undefined, 'no answer: the answer does not say how long it is']);
});

test('heads without an answer are given up', async (t) => {
  const target = await container(t, (request, response) => {
    request.resume();
    response.writeEarlyHints({ link: '</a>; rel=preload' });
  });
  const answer = await invokeContainer(target, invocation({ retries: 0 }));
  const message = 'no answer: the container sends heads without an answer';
  assert.deepEqual(answer, { kind: 'problem', status: undefined, message });
});

test('an answer that breaks off is not held', async (t) => {
  const target = await container(t, (request, response) => {
    response.setHeader('content-length', 8);
    response.write('half', () => request.socket.destroy());
  });
  assert.equal((await invokeContainer(target, invocation({ retries: 0 }))).kind, 'problem');
  assert.equal(target.results.held, 0);
});
