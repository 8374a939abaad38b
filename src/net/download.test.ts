import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { seededRandom } from '../random/index.ts';
import { type DownloadEvent, type DownloadOptions, download } from './download.ts';
import { localhostCertificate, localhostKey } from './localhost.fixture.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, turn: number) => void;

const content = randomBytes(300_000, 'content');
const contentDigest = digest(content);

function randomBytes(length: number, seed: string): Buffer {
  const random = seededRandom(seed);
  return Buffer.from(Uint8Array.from({ length }, () => random.integer(256)));
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** An honest file server: ranges, If-Range, ETag. `upTo` cuts the connection after that byte of the file. */
function serveFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: { bytes: Buffer; etag?: string; upTo?: number },
): void {
  const { bytes, etag = '"one"', upTo = bytes.length } = file;
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const condition = request.headers['if-range'];
  const isPartial = request.headers.range !== undefined && (condition === undefined || condition === etag);
  response.setHeader('etag', etag);
  if (isPartial && from >= bytes.length) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    return;
  }
  const start = isPartial ? from : 0;
  if (isPartial) response.setHeader('content-range', `bytes ${start}-${bytes.length - 1}/${bytes.length}`);
  response.writeHead(isPartial ? 206 : 200, { 'content-length': bytes.length - start });
  if (upTo >= bytes.length) response.end(bytes.subarray(start));
  else response.write(bytes.subarray(start, Math.max(start, upTo)), () => response.socket?.end());
}

let handler: Handler;
let requests: IncomingMessage[] = [];
let root: string;
let folder: string;
let server: Server;
let tlsServer: Server;
let url: string;
let tlsUrl: string;

function onRequest(request: IncomingMessage, response: ServerResponse): void {
  requests.push(request);
  handler(request, response, requests.length);
}

async function listen(one: TcpServer): Promise<number> {
  await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
  return (one.address() as AddressInfo).port;
}

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'whippet-download-'));
  server = createServer(onRequest);
  tlsServer = createTlsServer({ key: localhostKey, cert: localhostCertificate }, onRequest);
  url = `http://127.0.0.1:${await listen(server)}/file.bin`;
  tlsUrl = `https://localhost:${await listen(tlsServer)}/file.bin`;
});

after(async () => {
  for (const one of [server, tlsServer]) {
    one.closeAllConnections();
    one.close();
  }
  await rm(root, { recursive: true, force: true });
});

beforeEach(async () => {
  folder = await mkdtemp(join(root, 'run-'));
  requests = [];
  handler = (request, response) => serveFile(request, response, { bytes: content });
});

const noWait = { wait: async () => undefined };

function fetchTo(name: string, options: DownloadOptions = {}, from = url): ReturnType<typeof download> {
  return download(from, join(folder, name), { ...noWait, idleTimeoutMs: 300, ...options });
}

/** The destination as it must be: there with exactly these bytes, and nothing else in the folder. */
async function assertOnly(name: string, bytes: Uint8Array): Promise<void> {
  assert.deepEqual(readdirSync(folder), [name]);
  assert.equal(digest(await readFile(join(folder, name))), digest(bytes));
}

function code(expected: string): (error: unknown) => boolean {
  return (error) => {
    assert.equal((error as { code?: string }).code, expected, String(error));
    return true;
  };
}

describe('download', () => {
  test('says the size first, then progress, and leaves the whole file', async () => {
    const events: DownloadEvent[] = [];
    const result = await fetchTo('a', {
      sha256: contentDigest,
      expectedBytes: content.length,
      onEvent: (event) => events.push(event),
    });
    assert.equal(result.bytes, content.length);
    assert.equal(result.sha256, contentDigest);
    assert.equal(result.resumed, false);
    assert.equal(result.headers.etag, '"one"');
    assert.deepEqual(events[0], { type: 'begin', url, bytes: content.length, resumedFrom: 0 });
    assert.deepEqual(events.at(-1), { type: 'progress', done: content.length, total: content.length });
    await assertOnly('a', content);
  });

  test('a connection cut again and again is continued, not begun anew', async () => {
    handler = (request, response, turn) => serveFile(request, response, { bytes: content, upTo: turn * 70_000 });
    const events: DownloadEvent[] = [];
    const result = await fetchTo('a', { sha256: contentDigest, attempts: 2, onEvent: (event) => events.push(event) });
    assert.equal(result.sha256, contentDigest);
    assert.deepEqual(
      requests.map((request) => request.headers.range),
      [undefined, 'bytes=70000-', 'bytes=140000-', 'bytes=210000-', 'bytes=280000-'],
    );
    assert.equal(events.filter((event) => event.type === 'retry').length, 4);
    await assertOnly('a', content);
  });

  test('a later run continues what an earlier one left, and hashes what it did not fetch', async () => {
    handler = (request, response) => serveFile(request, response, { bytes: content, upTo: 100_000 });
    await assert.rejects(fetchTo('a', { attempts: 1 }), code('WHIPPET_NET_UNREACHABLE'));
    assert.ok(!existsSync(join(folder, 'a')));
    handler = (request, response) => serveFile(request, response, { bytes: content });
    const result = await fetchTo('a');
    assert.deepEqual([result.resumed, result.sha256], [true, contentDigest]);
    assert.equal(requests.at(-1)?.headers.range, 'bytes=100000-');
    await assertOnly('a', content);
  });

  test('an abort keeps what was received for the next run', async () => {
    const stop = new AbortController();
    handler = (request, response) => {
      response.writeHead(200, { 'content-length': content.length, etag: '"one"' });
      response.write(content.subarray(0, 50_000));
      request.on('error', () => undefined);
    };
    const onEvent = (event: DownloadEvent): void => {
      if (event.type === 'progress' && event.done === 50_000) stop.abort(new Error('enough'));
    };
    await assert.rejects(fetchTo('a', { signal: stop.signal, onEvent }), /enough/);
    handler = (request, response) => serveFile(request, response, { bytes: content });
    assert.equal((await fetchTo('a')).resumed, true);
    assert.equal(requests.at(-1)?.headers.range, 'bytes=50000-');
    await assertOnly('a', content);
  });

  test('complete but not yet renamed when killed: nothing is fetched again', async () => {
    await writeFile(join(folder, 'a.part'), content);
    const source = digest(Buffer.from(url));
    await writeFile(join(folder, 'a.part.json'), JSON.stringify({ source, etag: '"one"', total: content.length }));
    // A process of this id that has died: the lock is not honoured.
    await writeFile(join(folder, 'a.part.lock'), `${process.pid} someone-else`);
    const result = await fetchTo('a', { sha256: contentDigest });
    assert.deepEqual([result.resumed, result.bytes], [true, content.length]);
    await assertOnly('a', content);
  });

  test('a part of another address is not continued', async () => {
    await writeFile(join(folder, 'a.part'), randomBytes(1000, 'other'));
    await writeFile(join(folder, 'a.part.json'), JSON.stringify({ source: 'other', etag: '"one"' }));
    assert.equal((await fetchTo('a')).sha256, contentDigest);
    assert.equal(requests[0]?.headers.range, undefined);
  });

  test('a content that changed between attempts is fetched from its beginning', async () => {
    const newer = randomBytes(200_000, 'newer');
    handler = (request, response, turn) =>
      turn === 1
        ? serveFile(request, response, { bytes: content, upTo: 90_000 })
        : serveFile(request, response, { bytes: newer, etag: '"two"' });
    assert.equal((await fetchTo('a')).sha256, digest(newer));
    await assertOnly('a', newer);
  });

  test('a changed content is noticed even where the server ignores If-Range', async () => {
    const newer = randomBytes(200_000, 'newer');
    handler = (request, response, turn) => {
      delete request.headers['if-range'];
      serveFile(request, response, turn === 1 ? { bytes: content, upTo: 90_000 } : { bytes: newer, etag: '"two"' });
    };
    assert.equal((await fetchTo('a')).sha256, digest(newer));
  });

  test('a server that ignores Range sends everything again, and that is taken as such', async () => {
    handler = (request, response, turn) => {
      delete request.headers.range;
      serveFile(request, response, { bytes: content, ...(turn === 1 ? { upTo: 90_000 } : {}) });
    };
    const result = await fetchTo('a');
    assert.deepEqual([result.sha256, result.resumed], [contentDigest, false]);
  });

  test('a 206 for another range than asked is not appended', async () => {
    handler = (request, response, turn) => {
      if (turn === 2) request.headers.range = 'bytes=10-';
      serveFile(request, response, { bytes: content, ...(turn === 1 ? { upTo: 90_000 } : {}) });
    };
    assert.equal((await fetchTo('a')).sha256, contentDigest);
    assert.equal(requests.length, 3);
  });

  test('without a validator nothing is continued, unless the digest is known', async () => {
    const bare: Handler = (request, response, turn) => {
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const range = { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` };
      response.writeHead(from > 0 ? 206 : 200, { 'content-length': content.length - from, ...(from > 0 ? range : {}) });
      if (turn === 1) response.write(content.subarray(0, 80_000), () => response.socket?.end());
      else response.end(content.subarray(from));
    };
    handler = bare;
    await fetchTo('a');
    assert.equal(requests[1]?.headers.range, undefined);
    requests = [];
    assert.equal((await fetchTo('b', { sha256: contentDigest })).sha256, contentDigest);
    assert.equal(requests[1]?.headers.range, 'bytes=80000-');
  });

  test('pieces that do not fit together are replaced by one clean attempt', async () => {
    await writeFile(join(folder, 'a.part'), randomBytes(1000, 'damaged on disk'));
    const source = digest(Buffer.from(url));
    await writeFile(join(folder, 'a.part.json'), JSON.stringify({ source, etag: '"one"', total: content.length }));
    const result = await fetchTo('a', { sha256: contentDigest });
    assert.deepEqual([result.sha256, result.resumed], [contentDigest, false]);
    await assertOnly('a', content);
  });

  test('garbage instead of the file is refused by its digest and leaves nothing', async () => {
    handler = (_request, response) => response.end('<html>log in to the hotel network</html>');
    await assert.rejects(fetchTo('a', { sha256: contentDigest }), code('WHIPPET_NET_CHECKSUM'));
    assert.deepEqual(readdirSync(folder), []);
    assert.equal(requests.length, 1);
  });

  test('a server that is silent is given up on and tried again', async () => {
    handler = (request, response, turn) => {
      if (turn === 1) return;
      if (turn === 2) {
        response.writeHead(200, { 'content-length': content.length, etag: '"one"' });
        response.write(content.subarray(0, 10_000));
        return;
      }
      serveFile(request, response, { bytes: content });
    };
    const reasons: string[] = [];
    const onEvent = (event: DownloadEvent): void => {
      if (event.type === 'retry') reasons.push(event.reason);
    };
    assert.equal((await fetchTo('a', { onEvent, idleTimeoutMs: 150 })).sha256, contentDigest);
    assert.deepEqual(reasons, ['the server did not answer in time', 'the server fell silent']);
  });

  test('announced longer than it is: given up after the attempts, not accepted', async () => {
    handler = (_request, response) => {
      response.writeHead(200, { 'content-length': content.length + 10 });
      response.write(content, () => response.socket?.end());
    };
    await assert.rejects(fetchTo('a', { attempts: 2 }), code('WHIPPET_NET_UNREACHABLE'));
    assert.ok(!existsSync(join(folder, 'a')));
  });

  test('sizes are checked before and while receiving', async () => {
    await assert.rejects(fetchTo('a', { expectedBytes: 5 }), code('WHIPPET_NET_SIZE'));
    await assert.rejects(fetchTo('a', { maxBytes: 299_999 }), code('WHIPPET_NET_TOO_LARGE'));
    handler = (_request, response) => void response.writeHead(200).write(content, () => response.end());
    await assert.rejects(fetchTo('a', { maxBytes: 200_000 }), code('WHIPPET_NET_TOO_LARGE'));
    await assert.rejects(fetchTo('a', { expectedBytes: content.length + 1 }), code('WHIPPET_NET_SIZE'));
    assert.deepEqual(readdirSync(folder), []);
    assert.equal((await fetchTo('a')).bytes, content.length);
  });

  test('busy servers are asked again after the time they name; missing files are not', async () => {
    const waits: number[] = [];
    const wait = async (ms: number): Promise<void> => void waits.push(ms);
    handler = (request, response, turn) => {
      if (turn <= 2) response.writeHead(503, turn === 1 ? { 'retry-after': '7' } : {}).end();
      else serveFile(request, response, { bytes: content });
    };
    await fetchTo('a', { wait });
    assert.deepEqual(waits, [7000, 1000]);
    handler = (_request, response) => response.writeHead(503).end();
    await assert.rejects(fetchTo('b', { attempts: 2 }), code('WHIPPET_NET_STATUS'));
    requests = [];
    handler = (_request, response) => response.writeHead(404).end('no');
    await assert.rejects(fetchTo('b'), code('WHIPPET_NET_STATUS'));
    assert.equal(requests.length, 1);
  });

  test('an answer in a coding that was not asked for is refused', async () => {
    handler = (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x');
    await assert.rejects(fetchTo('a'), code('WHIPPET_NET_RESPONSE'));
  });

  test('two downloads of one file at the same time do not write into one part', async () => {
    const results = await Promise.all([
      fetchTo('a', { sha256: contentDigest }),
      fetchTo('a', { sha256: contentDigest }),
    ]);
    assert.deepEqual(
      results.map((result) => result.sha256),
      [contentDigest, contentDigest],
    );
    await assertOnly('a', content);
  });

  test('no connection, no host, not HTTP', async () => {
    const deaf = createTcpServer((socket) => socket.resume().end('SSH-2.0-OpenSSH_9.6\r\n'));
    const port = await listen(deaf);
    await assert.rejects(fetchTo('a', {}, `http://127.0.0.1:${port}/`), code('WHIPPET_NET_UNREACHABLE'));
    await new Promise((resolve) => deaf.close(resolve));
    await assert.rejects(fetchTo('a', {}, `http://127.0.0.1:${port}/`), /refused/);
    await assert.rejects(fetchTo('a', {}, 'ftp://example.com/file'), code('WHIPPET_NET_URL'));
    await assert.rejects(
      fetchTo('a', {}, 'http://me:secret@example.com/file'),
      (error: Error) => !error.message.includes('secret'),
    );
    assert.deepEqual(readdirSync(folder), []);
  });
});

describe('redirections', () => {
  test('are followed; their headers are kept; authorisation stays with the first origin', async () => {
    const other = createServer((request, response) => onRequest(request, response));
    const otherUrl = `http://127.0.0.1:${await listen(other)}/cdn`;
    handler = (request, response) => {
      if (request.url === '/file.bin') response.writeHead(302, { location: '/second', 'x-linked-etag': '"abc"' }).end();
      else if (request.url === '/second') response.writeHead(307, { location: otherUrl }).end();
      else serveFile(request, response, { bytes: content });
    };
    const result = await fetchTo('a', { headers: { Authorization: 'Bearer secret', 'X-Kept': '1' } });
    other.close();
    assert.equal(result.headers['x-linked-etag'], '"abc"');
    assert.deepEqual(
      requests.map((request) => [request.url, request.headers.authorization, request.headers['x-kept']]),
      [
        ['/file.bin', 'Bearer secret', '1'],
        ['/second', 'Bearer secret', '1'],
        ['/cdn', undefined, '1'],
      ],
    );
  });

  test('are bounded, and never lead from https to http', async () => {
    handler = (_request, response) => response.writeHead(302, { location: '/again' }).end();
    await assert.rejects(fetchTo('a'), code('WHIPPET_NET_REDIRECT'));
    assert.equal(requests.length, 11);
    handler = (_request, response) => response.writeHead(302, { location: url }).end();
    await assert.rejects(fetchTo('a', { ca: localhostCertificate }, tlsUrl), code('WHIPPET_NET_REDIRECT'));
    handler = (_request, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end();
    await assert.rejects(fetchTo('a'), code('WHIPPET_NET_URL'));
  });
});

describe('https, proxies and mirrors', () => {
  test('a certificate nobody vouches for is refused at once', async () => {
    await assert.rejects(fetchTo('a', {}, tlsUrl), code('WHIPPET_NET_TLS'));
    assert.equal((await fetchTo('a', { ca: localhostCertificate }, tlsUrl)).sha256, contentDigest);
  });

  test('https goes through a CONNECT proxy with its password, http as a request; NO_PROXY is honoured', async () => {
    const asked: string[] = [];
    const proxy = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      serveFile(request, response, { bytes: content });
    });
    proxy.on('connect', (request: IncomingMessage, client) => {
      const expected = `Basic ${Buffer.from('me:pass word').toString('base64')}`;
      asked.push(
        `CONNECT ${request.url} ${request.headers['proxy-authorization'] === expected ? 'authorised' : 'unknown'}`,
      );
      const target = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        target.pipe(client).pipe(target);
      });
      target.on('error', () => client.destroy());
      client.on('error', () => target.destroy());
    });
    const at = `127.0.0.1:${await listen(proxy)}`;
    const settings = { https: `http://me:pass%20word@${at}`, http: at };
    await fetchTo('a', { proxy: settings, ca: localhostCertificate }, tlsUrl);
    await fetchTo('b', { proxy: settings });
    await fetchTo('c', { proxy: { ...settings, no: '127.0.0.1' } });
    assert.deepEqual(asked, [`CONNECT ${new URL(tlsUrl).host} authorised`, `GET ${url}`]);
    proxy.closeAllConnections();
    proxy.close();
  });

  test('a proxy that wants a password is named, without the password that was given', async () => {
    const proxy = createServer();
    proxy.on('connect', (_request, client) => client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
    const settings = { https: `http://me:secret@127.0.0.1:${await listen(proxy)}` };
    await assert.rejects(fetchTo('a', { proxy: settings }, tlsUrl), (error: Error) => {
      assert.ok(!error.message.includes('secret'));
      return code('WHIPPET_NET_PROXY')(error);
    });
    proxy.close();
  });

  test('a mirror takes the place of the origin and gets no authorisation', async () => {
    const mirror = `${new URL(url).origin}/mirror/{host}/`;
    await fetchTo(
      'a',
      { mirror, headers: { authorization: 'Bearer secret' } },
      'https://weights.example/timm/file?x=1',
    );
    assert.equal(requests[0]?.url, '/mirror/weights.example/timm/file?x=1');
    assert.equal(requests[0]?.headers.authorization, undefined);
  });
});

describe('the disk', () => {
  test('is full', { skip: !existsSync('/dev/full') && 'needs /dev/full' }, async () => {
    await mkdir(join(folder, 'x'));
    await symlink('/dev/full', join(folder, 'x', 'a.part'));
    // /dev/full can't be truncated, so it poses as a part to be continued.
    const source = digest(Buffer.from(url));
    await writeFile(join(folder, 'x', 'a.part.json'), JSON.stringify({ source, etag: '"one"' }));
    await assert.rejects(fetchTo('x/a'), code('WHIPPET_NET_DISK_FULL'));
  });

  test('may not be written to, or is no folder', async () => {
    await writeFile(join(folder, 'file'), '');
    await assert.rejects(fetchTo('file/a'), code('WHIPPET_NET_DISK'));
    if (process.getuid?.() === 0) return;
    await chmod(folder, 0o500);
    await assert.rejects(fetchTo('a'), code('WHIPPET_NET_DISK'));
  });

  test('has too little room, said before receiving', async () => {
    handler = (_request, response) => {
      response.writeHead(200, { 'content-length': 2 ** 53 - 1 });
      response.flushHeaders();
    };
    await assert.rejects(fetchTo('a'), code('WHIPPET_NET_DISK_FULL'));
    assert.deepEqual(readdirSync(folder), []);
  });
});
