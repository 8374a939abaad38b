import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { fetchGuarded, type GuardOptions, type Lookup, type ResolvedAddress } from './guard.ts';
import { localhostCertificate, localhostKey } from './localhost.fixture.ts';

let server: Server;
let tlsServer: Server;
let port: number;
let tlsPort: number;
let reached: string[] = [];
let handler: (request: IncomingMessage, response: ServerResponse) => void;

before(async () => {
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    reached.push(`${request.headers.host}${request.url}`);
    handler(request, response);
  };
  server = createServer(onRequest);
  tlsServer = createTlsServer({ key: localhostKey, cert: localhostCertificate }, onRequest);
  for (const one of [server, tlsServer]) await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  tlsPort = (tlsServer.address() as AddressInfo).port;
});

after(() => {
  for (const one of [server, tlsServer]) {
    one.closeAllConnections();
    one.close();
  }
});

beforeEach(() => {
  reached = [];
  handler = (_request, response) => response.writeHead(200, { 'content-type': 'image/png' }).end('picture');
});

const loopback: ResolvedAddress = { address: '127.0.0.1', family: 4 };

function names(table: Readonly<Record<string, readonly ResolvedAddress[]>>): Lookup {
  return async (host) => table[host] ?? [];
}

function fetchIt(url: string, options: Partial<GuardOptions> = {}): ReturnType<typeof fetchGuarded> {
  return fetchGuarded(url, { allow: [], maxBytes: 1000, timeoutMs: 5000, ...options });
}

async function refuses(code: string, url: string, options: Partial<GuardOptions> = {}): Promise<void> {
  await assert.rejects(fetchIt(url, options), (error: Error & { code?: string }) => {
    assert.equal(error.code, code, `${url}: ${error}`);
    return true;
  });
}

describe('what may be named', () => {
  test('only complete http and https URLs without credentials', async () => {
    const wrong = [
      '',
      'photo.jpg',
      '//host/x',
      'file:///etc/passwd',
      'ftp://host/x',
      'data:image/png;base64,AAAA',
      'gopher://host:70/_x',
      'http://',
      'http://[::1',
      'http://a b/',
    ];
    for (const url of [...wrong, 'http://me@example.com/', 'http://me:secret@example.com/'])
      await refuses('WHIPPET_NET_URL', url);
  });

  test('no address of this machine or its network, however it is written', async () => {
    const hosts = [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '0x7f.0.0.1',
      '017700000001',
      '①②⑦.0.0.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '[0:0:0:0:0:ffff:7f00:1]',
      '[64:ff9b::7f00:1]',
      '[2002:7f00:1::]',
      '0',
      '0.0.0.0',
      '[::]',
    ];
    for (const host of hosts) await refuses('WHIPPET_NET_ADDRESS', `http://${host}:${port}/`);
    for (const host of ['169.254.169.254', '[fd00:ec2::254]', '10.0.0.1', '192.168.1.1', '100.64.0.1']) {
      await refuses('WHIPPET_NET_ADDRESS', `http://${host}/latest/meta-data/`);
    }
    assert.deepEqual(reached, []);
  });

  test('no name that resolves to such an address, alone or among others', async () => {
    const lookup = names({
      'inside.example': [loopback],
      'mixed.example': [{ address: '93.184.216.34', family: 4 }, loopback],
      'six.example': [{ address: '::1', family: 6 }],
      'metadata.google.internal': [{ address: '169.254.169.254', family: 4 }],
    });
    for (const host of [
      'inside.example',
      'mixed.example',
      'six.example',
      'metadata.google.internal',
      'INSIDE.example',
    ]) {
      await refuses('WHIPPET_NET_ADDRESS', `http://${host}:${port}/`, { lookup });
    }
    await refuses('WHIPPET_NET_ADDRESS', `http://localhost:${port}/`);
    await refuses('WHIPPET_NET_UNREACHABLE', 'http://nowhere.example/', { lookup });
    assert.deepEqual(reached, []);
  });

  test('the message does not tell which address a name has', async () => {
    const lookup = names({ 'inside.example': [{ address: '10.1.2.3', family: 4 }] });
    await assert.rejects(
      fetchIt('http://inside.example/', { lookup }),
      (error: Error) => !error.message.includes('10.1.2.3'),
    );
  });
});

describe('exceptions', () => {
  test('open a host, or one port of it', async () => {
    const url = `http://127.0.0.1:${port}/a.png?x=1`;
    const fetched = await fetchIt(url, { allow: ['127.0.0.1'] });
    assert.deepEqual([fetched.bytes.toString(), fetched.contentType], ['picture', 'image/png']);
    await fetchIt(url, { allow: ['other.example', `127.0.0.1:${port}`] });
    await refuses('WHIPPET_NET_ADDRESS', url, { allow: [`127.0.0.1:${port + 1}`] });
    await refuses('WHIPPET_NET_ADDRESS', url, { allow: ['27.0.0.1', '127.0.0.10', '*'] });
    await fetchIt(`http://2130706433:${port}/`, { allow: ['127.0.0.1'] });
    for (const entry of ['http://host', 'host:x', 'host/path', '', 'me@host']) {
      await refuses('WHIPPET_NET_URL', url, { allow: [entry] });
    }
  });

  test('by name go to the address that was resolved, and only for that name', async () => {
    const lookup = names({ 'photos.internal': [loopback], 'evil.example': [loopback] });
    await fetchIt(`http://photos.internal:${port}/x`, { lookup, allow: ['Photos.Internal'] });
    assert.deepEqual(reached, [`photos.internal:${port}/x`]);
    await refuses('WHIPPET_NET_ADDRESS', `http://evil.example:${port}/x`, { lookup, allow: ['photos.internal'] });
  });
});

describe('rebinding and redirections', () => {
  test('a name is resolved once per connection, and the connection goes there', async () => {
    let asked = 0;
    const lookup: Lookup = async () => {
      asked += 1;
      // Public when judged (and never assigned, so nobody is called), private when asked a second time.
      return [asked === 1 ? { address: '2d00::1', family: 6 } : loopback];
    };
    const stop = new AbortController();
    const attempt = fetchIt(`http://rebind.example:${port}/`, { lookup, timeoutMs: 300, signal: stop.signal });
    await assert.rejects(attempt);
    assert.equal(asked, 1);
    assert.deepEqual(reached, []);
  });

  test('each redirection is judged anew', async () => {
    const lookup = names({ 'open.example': [loopback], 'inside.example': [loopback] });
    const allow = [`open.example:${port}`];
    const targets = [
      `http://127.0.0.1:${port}/secret`,
      `http://inside.example:${port}/secret`,
      'http://169.254.169.254/',
      `//2130706433:${port}/secret`,
      `http://[::ffff:7f00:1]:${port}/secret`,
    ];
    for (const location of targets) {
      handler = (_request, response) => response.writeHead(302, { location }).end();
      await refuses('WHIPPET_NET_ADDRESS', `http://open.example:${port}/start`, { lookup, allow });
    }
    handler = (_request, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end();
    await refuses('WHIPPET_NET_URL', `http://open.example:${port}/start`, { lookup, allow });
    assert.ok(reached.every((one) => one === `open.example:${port}/start`));
  });

  test('are followed three times, within what is allowed', async () => {
    handler = (request, response) => {
      const turn = Number(request.url?.slice(1));
      if (turn > 0) response.writeHead(301, { location: `/${turn - 1}` }).end();
      else response.end('there');
    };
    assert.equal((await fetchIt(`http://127.0.0.1:${port}/3`, { allow: ['127.0.0.1'] })).bytes.toString(), 'there');
    await refuses('WHIPPET_NET_REDIRECT', `http://127.0.0.1:${port}/4`, { allow: ['127.0.0.1'] });
  });
});

describe('limits', () => {
  const allow = ['127.0.0.1'];

  test('of size, announced or not', async () => {
    handler = (_request, response) => response.end(Buffer.alloc(1000));
    assert.equal((await fetchIt(`http://127.0.0.1:${port}/`, { allow })).bytes.length, 1000);
    handler = (_request, response) => response.end(Buffer.alloc(1001));
    await refuses('WHIPPET_NET_TOO_LARGE', `http://127.0.0.1:${port}/`, { allow });
    handler = (_request, response) => {
      response.writeHead(200);
      const more = (): void => void (response.destroyed || response.write(Buffer.alloc(400), more));
      more();
    };
    await refuses('WHIPPET_NET_TOO_LARGE', `http://127.0.0.1:${port}/`, { allow });
    handler = (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('bomb');
    await refuses('WHIPPET_NET_RESPONSE', `http://127.0.0.1:${port}/`, { allow });
  });

  test('of time, over all: silence, a dripping body, a name server that never answers', async () => {
    handler = () => undefined;
    await refuses('WHIPPET_NET_TIMEOUT', `http://127.0.0.1:${port}/`, { allow, timeoutMs: 100 });
    handler = (_request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 10);
      response.on('close', () => clearInterval(drip));
    };
    await refuses('WHIPPET_NET_TIMEOUT', `http://127.0.0.1:${port}/`, { allow, timeoutMs: 200 });
    const lookup: Lookup = () => new Promise(() => undefined);
    await refuses('WHIPPET_NET_TIMEOUT', 'http://slow.example/', { lookup, timeoutMs: 100 });
  });

  test('an abort ends it with its own reason', async () => {
    const stop = new AbortController();
    handler = () => stop.abort(new Error('caller gone'));
    await assert.rejects(fetchIt(`http://127.0.0.1:${port}/`, { allow, signal: stop.signal }), /caller gone/);
  });

  test('of sense: errors of the server, cut bodies, strange certificates', async () => {
    handler = (_request, response) => response.writeHead(404).end();
    await refuses('WHIPPET_NET_STATUS', `http://127.0.0.1:${port}/`, { allow });
    handler = (_request, response) => response.writeHead(206).end('part');
    await refuses('WHIPPET_NET_STATUS', `http://127.0.0.1:${port}/`, { allow });
    handler = (_request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('abc', () => response.destroy());
    };
    await refuses('WHIPPET_NET_UNREACHABLE', `http://127.0.0.1:${port}/`, { allow });
    const lookup = names({ localhost: [loopback] });
    await refuses('WHIPPET_NET_TLS', `https://localhost:${tlsPort}/`, { allow: ['localhost'], lookup });
    handler = (_request, response) => response.end('secure');
    const trusted = { allow: ['localhost'], lookup, ca: localhostCertificate };
    assert.equal((await fetchIt(`https://localhost:${tlsPort}/`, trusted)).bytes.toString(), 'secure');
  });
});
