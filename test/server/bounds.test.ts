import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { codeOf, jsonRequest, rawRequest, send, sendBytes } from './client.ts';
import { fileScope, type Running, running, temporaryFolder } from './running.ts';
import { type RawRequest, signed } from './signing.ts';

const file = fileScope(after);
let at: Running;
/** Holds nothing but the state, so that whatever is made beside it shows. */
let around: string;

before(async () => {
  around = await temporaryFolder(file);
  at = await running(file, { state: join(around, 'state') });
  assert.equal((await at.root.s3('PUT', '/bucket')).status, 200);
  assert.equal((await at.root.s3('PUT', '/bucket/kept', { body: 'kept bytes' })).status, 200);
});

async function assertWell(): Promise<void> {
  assert.equal((await at.root.s3('GET', '/bucket/kept')).text, 'kept bytes');
  assert.deepEqual(
    at.log.filter((line) => /"level":"error"|"status":5(?!01)/.test(line)),
    [],
  );
}

/** A request as bytes, without what follows it. */
function bytesOf({ method, target, headers, body }: RawRequest, version = '1.1'): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${target} HTTP/${version}\r\n${lines.join('')}\r\n`, 'latin1'), body]);
}

const signS3 = (method: string, target: string, options: Partial<RawRequest> = {}): Promise<RawRequest> => {
  const request = {
    ...rawRequest(at.url, { method, target, headers: options.headers ?? {} }),
    body: options.body ?? Buffer.alloc(0),
  };
  return signed(request, { keys: at.server.credentials, service: 's3' });
};

/** Heads with which two servers could mean two different requests, and others that are no HTTP/1.1. */
const refusedHeads: Readonly<Record<string, string>> = {
  'length and chunks':
    'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'two lengths': 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde',
  'a length with a sign': 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: +4\r\n\r\nabcd',
  'a length beyond numbers': `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${'9'.repeat(30)}\r\n\r\nabcd`,
  'chunks that are not last': 'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n',
  'a space before the colon': 'POST / HTTP/1.1\r\nHost : localhost\r\nContent-Length: 0\r\n\r\n',
  'a folded header': 'GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n',
  'NUL in a header': 'GET / HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n',
  'NUL in the target': 'GET /a\0b HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'a bare line feed in a chunk':
    'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n',
  'a chunk of no size': 'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n',
  'a version of the future': 'GET / HTTP/9.9\r\nHost: localhost\r\n\r\n',
  'HTTP/2 in the clear': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'a TLS hello': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  nothing: '\r\n\r\n\r\n\r\nx\r\n\r\n',
};

describe('a head that is refused', () => {
  for (const [index, [name, bytes]] of Object.entries(refusedHeads).entries()) {
    test(name, async () => {
      const answer = await sendBytes(
        at.url,
        Buffer.from(`${bytes}GET /smuggled-${index} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 'latin1'),
        /^HTTP.*\r\n\r\n/s,
      );
      assert.match(answer, /^HTTP\/1\.1 (400|403|505) /);
      assert.equal(answer.match(/^HTTP\/1\.1 /gm)?.length, 1, answer);
      assert.ok(!at.log.some((line) => line.includes(`smuggled-${index}`)));
    });
  }

  test('one without a host', async () => {
    assert.match(await sendBytes(at.url, 'GET / HTTP/1.1\r\n\r\n', /\r\n\r\n/), /^HTTP\/1\.1 400 /);
  });

  test('one that is too long, or has too many headers', async () => {
    const long = `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`;
    assert.match(await sendBytes(at.url, long, /\r\n\r\n/), /^HTTP\/1\.1 431 /);
    const target = `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    assert.match(await sendBytes(at.url, target, /\r\n\r\n/), /^HTTP\/1\.1 431 /);
    const many = Array.from({ length: 300 }, (_, index) => `x-${index}: a\r\n`).join('');
    const answer = await sendBytes(at.url, `GET / HTTP/1.1\r\nHost: localhost\r\n${many}\r\n`, /\r\n\r\n/);
    assert.match(answer, /^HTTP\/1\.1 4\d\d /);
    await assertWell();
  });
});

test('headers beyond the number that is read are no way around the signature', async () => {
  const filler = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`x-${index}`, 'a']));
  const request = await signS3('PUT', '/bucket/filled', { headers: filler, body: Buffer.from('a') });
  const answer = await send(at.url, request);
  assert.ok(answer.status === 431 || answer.status === 403 || answer.status === 400, `${answer.status} ${answer.text}`);
});

describe('targets and methods', () => {
  const bodies = [
    '/bucket/../x',
    '/bucket/%2e%2e/%2e%2e/escaped',
    '//bucket/kept',
    '/bucket//',
    '/bucket/%00',
    '/bucket/a%5c..%5cb',
    '/bucket/%2fetc%2fpasswd',
    '/%2e%2e/escaped',
    '/../escaped',
    '/bucket/.',
    '/bucket/..',
    '/./kept',
  ];

  test('that look like ways out of a folder are keys, or refused; nothing is made outside of the state', async () => {
    const beside = await readdir(around);
    const temporary = new Set(await readdir(tmpdir()));
    for (const target of bodies) {
      const put = await at.root.s3('PUT', target, { body: `at ${target}` });
      assert.ok([200, 400, 403, 404, 405, 409].includes(put.status), `${target}: ${put.status} ${put.text}`);
      if (put.status !== 200 || !/^\/bucket\/./.test(target)) continue;
      assert.equal((await at.root.s3('GET', target)).text, `at ${target}`, target);
    }
    assert.deepEqual(await readdir(around), beside);
    assert.deepEqual((await readdir(dirname(around))).includes('escaped'), false);
    const made = (await readdir(tmpdir())).filter((name) => !temporary.has(name) && /escaped|passwd/.test(name));
    assert.deepEqual(made, []);
    assert.equal((await at.root.s3('GET', '/bucket/kept')).text, 'kept bytes');
  });

  test('in absolute form, for everything, and in HTTP/1.0 are answered', async () => {
    const end = /\r\n\r\n/;
    const { host } = new URL(at.url);
    for (const line of [
      `GET http://${host}/bucket/kept HTTP/1.1`,
      'GET http://evil.example/bucket HTTP/1.1',
      'OPTIONS * HTTP/1.1',
      'GET * HTTP/1.1',
      'GET /bucket?% HTTP/1.1',
      'GET /bucket/%ff%fe HTTP/1.1',
      'TRACE / HTTP/1.1',
      'PROPFIND / HTTP/1.1',
    ]) {
      const answer = await sendBytes(at.url, `${line}\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, end);
      assert.match(answer, /^HTTP\/1\.1 (4\d\d|501) /, `${line}: ${answer}`);
    }
    assert.match(
      await sendBytes(at.url, `CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
      /^(HTTP\/1\.1 4\d\d |$)/,
    );
    const old = await signS3('GET', '/bucket/kept');
    assert.match(await sendBytes(at.url, bytesOf(old, '1.0')), /^HTTP\/1\.1 200 [\s\S]*kept bytes$/);
    await assertWell();
  });

  test('HEAD with a body and headers that are no UTF-8 do no harm', async () => {
    const body = Buffer.from('GET /smuggled-head HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const head = await signS3('HEAD', '/bucket/kept', { body });
    const wire = bytesOf({
      ...head,
      headers: { ...head.headers, 'content-length': `${body.length}`, connection: 'close' },
    });
    const answer = await sendBytes(at.url, wire);
    assert.match(answer, /^HTTP\/1\.1 200 /);
    assert.match(answer, /\r\n\r\n$/);
    assert.ok(!at.log.some((line) => line.includes('smuggled-head')));
    const strange = Buffer.from(
      'GET /bucket/kept HTTP/1.1\r\nHost: localhost\r\nX-Amz-Meta-A: \xff\xfe\xc3\r\nAuthorization: \xff\r\nConnection: close\r\n\r\n',
      'latin1',
    );
    assert.match(await sendBytes(at.url, strange), /^HTTP\/1\.1 400 /);
    await assertWell();
  });
});

describe('what is for nothing here is answered in its client’s shape', () => {
  test('a service, by its target, path or signature', async () => {
    const { credentials: keys } = at.server;
    const target = 'AnyScaleFrontendService.DescribeScalingPolicies';
    const scaling = await send(
      at.url,
      await signed(jsonRequest(at.url, target, {}), { keys, service: 'application-autoscaling' }),
    );
    assert.deepEqual([scaling.status, JSON.parse(scaling.text).__type], [501, 'NotImplemented']);
    assert.match(JSON.parse(scaling.text).message, /AnyScaleFrontendService\.DescribeScalingPolicies is not served/);
    const lambda = await send(
      at.url,
      await signed(rawRequest(at.url, { target: '/2015-03-31/functions/' }), { keys, service: 'lambda' }),
    );
    assert.deepEqual([lambda.status, codeOf(lambda)], [501, 'NotImplemented']);
    const operation = await at.root.query('iam', { Action: 'CreateUser', UserName: 'u' });
    assert.deepEqual([operation.status, codeOf(operation)], [501, 'NotImplemented']);
    assert.match(operation.text, /CreateUser/);
  });
});

describe('clients that take their time', () => {
  const open: Socket[] = [];
  after(() => {
    for (const socket of open) socket.destroy();
  });
  const dial = (): Promise<Socket> =>
    new Promise((resolve) => {
      const url = new URL(at.url);
      const socket = connect(Number(url.port), url.hostname, () => resolve(socket));
      socket.on('error', () => {});
      open.push(socket);
    });

  test('300 that say nothing and 100 in the middle of a head keep nobody else out', async () => {
    const sockets = await Promise.all(Array.from({ length: 400 }, dial));
    for (const socket of sockets.slice(0, 100)) socket.write('GET / HTTP/1.1\r\nHost: local');
    await assertWell();
  });

  test('a body that never comes, whether it was asked for or not, keeps nobody else out', async () => {
    const body = Buffer.alloc(100_000);
    const request = await signS3('PUT', '/bucket/never', { body });
    const told = { 'content-length': '100000' };
    for (const extra of [{}, { expect: '100-continue' }]) {
      const socket = await dial();
      socket.write(bytesOf({ ...request, headers: { ...request.headers, ...told, ...extra }, body: Buffer.alloc(10) }));
    }
    const half = await dial();
    half.end(bytesOf({ ...request, headers: { ...request.headers, ...told }, body: Buffer.alloc(10) }));
    await text(half);
    assert.equal((await at.root.s3('GET', '/bucket/never')).status, 404);
    await assertWell();
  });

  test('a body that is not wanted is not asked for', async () => {
    const waiting = { expect: '100-continue', 'content-length': '100000', connection: 'close' };
    const { headers } = rawRequest(at.url, { headers: waiting });
    const upload = { method: 'PUT', target: '/bucket/unsigned', headers, body: Buffer.alloc(0) };
    assert.match(await sendBytes(at.url, bytesOf(upload)), /^HTTP\/1\.1 403 /);
    const nowhere = await signS3('PUT', '/nowhere/key', { headers: waiting, body: Buffer.alloc(100_000) });
    assert.match(await sendBytes(at.url, bytesOf({ ...nowhere, body: Buffer.alloc(0) })), /^HTTP\/1\.1 404 /);
  });

  test('a client that goes away in the middle of an upload leaves nothing', async () => {
    const body = Buffer.alloc(300_000, 'x');
    const request = await signS3('PUT', '/bucket/gone', { body });
    const sockets = await Promise.all(Array.from({ length: 10 }, dial));
    const arrived = at.log.length;
    for (const socket of sockets) {
      const head = bytesOf({
        ...request,
        headers: { ...request.headers, 'content-length': '300000' },
        body: body.subarray(0, 200_000),
      });
      socket.write(head, () => socket.destroy());
    }
    while (at.log.length < arrived + sockets.length) await new Promise(setImmediate);
    assert.equal((await at.root.s3('GET', '/bucket/gone')).status, 404);
    assert.deepEqual(await readdir(join(around, 'state', 'blobs', 'incoming')).catch(() => []), []);
    await assertWell();
  });
});

test('a body larger than its operation takes is refused before it was read', async () => {
  const head = `POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: Logs_20140328.PutLogEvents\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: 99999999999\r\n`;
  const date = new Date().toISOString().replace(/[:-]|\.\d+/g, '');
  const credential = `${at.server.credentials.accessKeyId}/${date.slice(0, 8)}/us-east-1/logs/aws4_request`;
  const claim = `X-Amz-Date: ${date}\r\nAuthorization: AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0\r\n\r\n`;
  const answer = await sendBytes(at.url, head + claim, /\r\n\r\n/);
  assert.match(answer, /^HTTP\/1\.1 413 /);
  const unread = await signS3('PUT', '/bucket/large', { headers: { 'content-length': '999999999999999' } });
  assert.match(await sendBytes(at.url, bytesOf(unread), /\r\n\r\n/), /^HTTP\/1\.1 400 [\s\S]*$/);
  await assertWell();
});

test('garbage after good requests ends the connection, and what follows it is not read', async () => {
  const request = bytesOf(await signS3('GET', '/bucket/kept'));
  const after = bytesOf(await signS3('PUT', '/bucket/after', { body: Buffer.from('a') }));
  const answers = await sendBytes(at.url, Buffer.concat([request, Buffer.from('\0garbage\r\n\r\n'), after]));
  assert.match(answers, /HTTP\/1\.1 400 /);
  assert.equal((await at.root.s3('GET', '/bucket/after')).status, 404);
  await assertWell();
});
