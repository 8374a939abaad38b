import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import sharp from 'sharp';
import {
  type AccessRecord,
  type ServeOptions,
  type Serving,
  servingMetrics,
  startServing,
} from '../../src/container/index.ts';
import { type OpenArtifact, openPredictor, type Predictor } from '../../src/engine/index.ts';
import { sendMutatedRequests } from './mutated-requests.ts';
import { tinyArtifact, tinyLabels } from './tiny-model.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  readonly agent?: Agent;
}

const labelled = 'application/vnd.whippet+json';
const metrics = servingMetrics();
let root: string;
let artifact: OpenArtifact;
let predictor: Predictor;
let red: Buffer;
let blue: Buffer;
let serving: Serving;
let records: AccessRecord[];

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'whippet-serving-'));
  artifact = await tinyArtifact(join(root, 'model'));
  predictor = await openPredictor(artifact, { threads: 1, onBatch: metrics.batch });
  red = await plain({ r: 255, g: 0, b: 0 });
  blue = await plain({ r: 0, g: 0, b: 255 });
});

after(async () => {
  await predictor.close();
  await artifact.close();
  await rm(root, { recursive: true, force: true });
});

beforeEach(async () => {
  records = [];
  serving = await start({});
});

afterEach(() => serving.drain());

function plain(background: { r: number; g: number; b: number }): Promise<Buffer> {
  return sharp({ create: { width: 32, height: 24, channels: 3, background } })
    .png()
    .toBuffer();
}

async function start(options: Partial<ServeOptions>): Promise<Serving> {
  const log = (record: AccessRecord): void => void records.push(record);
  return startServing({ predictor, port: 0, host: '127.0.0.1', log, ...options });
}

/** Replaces the server of the test by one with other options. */
async function restart(options: Partial<ServeOptions>): Promise<void> {
  await serving.drain();
  serving = await start(options);
}

function send({ method = 'POST', path = '/invocations', headers = {}, body, agent }: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${serving.url}${path}`, { method, headers, agent: agent ?? false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const png = { 'content-type': 'image/png' };
const json = { 'content-type': 'application/json' };

async function refuses(status: number, code: string, sent: Sent): Promise<Answer> {
  const answer = await send(sent);
  const body = JSON.parse(answer.text) as Record<string, string>;
  assert.deepEqual([answer.status, body.code], [status, code], answer.text);
  assert.equal(answer.headers['content-type'], 'application/json');
  assert.ok(body.message && body.remedy);
  return answer;
}

/** Sends bytes as they are and resolves with everything that came back when the server closed the connection. */
function raw(bytes: string | Buffer, { half = true } = {}): Promise<string> {
  const { port, hostname } = new URL(serving.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    if (half) socket.end(bytes);
    else socket.write(bytes);
  });
}

describe('GET /ping', () => {
  test('says that the server is well', async () => {
    assert.equal((await send({ method: 'GET', path: '/ping' })).status, 200);
    const head = await send({ method: 'HEAD', path: '/ping?x=1' });
    assert.deepEqual([head.status, head.text], [200, '']);
  });

  test('says that it is not, when predictions fail one after the other', async () => {
    const broken: Predictor = { ...predictor, predict: () => Promise.reject(new Error('the thread ended')) };
    await restart({ predictor: broken });
    for (let i = 0; i < 3; i++) await refuses(500, 'WHIPPET_SERVE_INTERNAL', { headers: png, body: red });
    await refuses(503, 'WHIPPET_SERVE_UNHEALTHY', { method: 'GET', path: '/ping' });
    assert.match(records[0]?.defect ?? '', /the thread ended/);
  });

  test('a caller’s mistakes do not make it ill', async () => {
    for (let i = 0; i < 4; i++)
      await refuses(422, 'WHIPPET_IMAGE_NOT_AN_IMAGE', { headers: png, body: 'text text text' });
    assert.equal((await send({ method: 'GET', path: '/ping' })).status, 200);
  });
});

describe('POST /invocations', () => {
  test('answers with [[logits]] as the founding script does', async () => {
    const answer = await send({ headers: png, body: red });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['content-type'], 'application/json');
    assert.deepEqual(JSON.parse(answer.text), [[9, 0, 0, 0, 5, 5]]);
  });

  test('takes bytes under any of their types, with a length or in chunks', async () => {
    for (const type of [
      'image/jpeg',
      'image/webp; q=1',
      'application/octet-stream',
      'application/x-image',
      'IMAGE/PNG',
    ]) {
      const answer = await send({ headers: { 'content-type': type, 'transfer-encoding': 'chunked' }, body: blue });
      assert.deepEqual(JSON.parse(answer.text), [[0, 0, 9, 5, 5, 0]], type);
    }
    assert.equal((await send({ body: blue })).status, 200);
  });

  test('takes base64 in JSON', async () => {
    const base64 = red.toString('base64');
    const bodies = [
      { image: base64 },
      { content: base64 },
      { image: `data:image/png;base64,${base64}` },
      { image: red.toString('base64url') },
      { content: base64.replace(/(.{76})/g, '$1\r\n') },
      { image: base64, url: null, note: 'ignored' },
    ];
    for (const body of bodies) {
      const answer = await send({ headers: json, body: JSON.stringify(body) });
      assert.deepEqual(JSON.parse(answer.text), [[9, 0, 0, 0, 5, 5]], JSON.stringify(body).slice(0, 60));
    }
  });

  test('answers with labels, calibrated probabilities and novelty', async () => {
    const answer = await send({ headers: { ...png, accept: labelled }, body: red });
    assert.equal(answer.headers['content-type'], labelled);
    const { predictions, novelty, model } = JSON.parse(answer.text);
    assert.equal(predictions.length, 5);
    assert.equal(predictions[0].label, 'red');
    const expected = Math.exp(9) / (Math.exp(9) + 2 * Math.exp(5) + 3);
    assert.ok(Math.abs(predictions[0].probability - expected) < 1e-6);
    assert.ok(novelty >= 0 && novelty <= 100);
    assert.deepEqual(model, { digest: artifact.manifest.digest, backbone: 'mean-colour', classes: tinyLabels.length });
  });

  test('as many of them as are asked for', async () => {
    const count = async (accept: string, query = ''): Promise<number> => {
      const { text } = await send({ path: `/invocations${query}`, headers: { ...png, accept }, body: red });
      return JSON.parse(text).predictions.length;
    };
    assert.deepEqual(
      [await count(`${labelled};top=2`), await count(labelled, '?top=6'), await count(`${labelled};top=2`, '?top=1')],
      [2, 6, 1],
    );
    for (const top of ['0', '7', '-1', '1.5', 'x', '', '1e1']) {
      const sent = { path: `/invocations?top=${top}`, headers: { ...png, accept: labelled }, body: red };
      await refuses(400, 'WHIPPET_SERVE_TOP', sent);
    }
    await refuses(400, 'WHIPPET_SERVE_TOP_OF_LOGITS', { path: '/invocations?top=2', headers: png, body: red });
  });

  test('refuses with a status, a code and a remedy', async () => {
    await refuses(404, 'WHIPPET_SERVE_NOT_FOUND', { path: '/invocation', body: red });
    await refuses(404, 'WHIPPET_SERVE_NOT_FOUND', { path: '/__proto__', body: red });
    const wrong = await refuses(405, 'WHIPPET_SERVE_METHOD', { method: 'GET' });
    assert.equal(wrong.headers.allow, 'POST');
    await refuses(405, 'WHIPPET_SERVE_METHOD', { method: 'POST', path: '/ping' });
    await refuses(406, 'WHIPPET_SERVE_NOT_ACCEPTABLE', { headers: { ...png, accept: 'text/csv' }, body: red });
    for (const type of [
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain',
      'application/json; charset=latin1',
    ]) {
      await refuses(415, 'WHIPPET_SERVE_MEDIA_TYPE', { headers: { 'content-type': type }, body: red });
    }
    await refuses(415, 'WHIPPET_SERVE_CODING', { headers: { ...png, 'content-encoding': 'gzip' }, body: red });
    await refuses(400, 'WHIPPET_SERVE_BODY_EMPTY', { headers: png });
    await refuses(400, 'WHIPPET_SERVE_BODY_EMPTY', { headers: json });
  });

  test('refuses JSON that holds no picture', async () => {
    const bodies = [
      '{',
      '[]',
      '"x"',
      'null',
      '{}',
      '{"image":1}',
      '{"image":""}',
      '{"image":"@@@@"}',
      '{"image":"AAAAA"}',
      '{"image":"AA==","url":"http://x/"}',
      '{"Image":"AAAA"}',
    ];
    for (const body of bodies) await refuses(400, 'WHIPPET_SERVE_JSON', { headers: json, body });
    await refuses(400, 'WHIPPET_SERVE_JSON', { headers: json, body: Buffer.from([0x7b, 0xff, 0x7d]) });
    const answer = await refuses(400, 'WHIPPET_SERVE_JSON', { headers: json, body: '{"image": secret-text}' });
    assert.ok(!answer.text.includes('secret'));
  });

  test('refuses what is no picture, cut short, or of a kind nobody reads', async () => {
    await refuses(422, 'WHIPPET_IMAGE_NOT_AN_IMAGE', { headers: png, body: 'GET / HTTP/1.1 and so on' });
    await refuses(422, 'WHIPPET_IMAGE_CORRUPT', { headers: png, body: red.subarray(0, red.length - 30) });
    await refuses(415, 'WHIPPET_IMAGE_UNSUPPORTED', {
      headers: { 'content-type': 'image/svg+xml' },
      body: '<svg xmlns="http://www.w3.org/2000/svg"/>',
    });
  });

  test('refuses bodies that are too large, announced or not, and the caller gets to read why', async () => {
    await restart({ maxBodyBytes: 100_000 });
    const body = Buffer.alloc(8_000_000);
    await refuses(413, 'WHIPPET_SERVE_BODY_TOO_LARGE', { headers: png, body });
    await refuses(413, 'WHIPPET_SERVE_BODY_TOO_LARGE', { headers: { ...png, 'transfer-encoding': 'chunked' }, body });
    const expecting = await raw(
      'POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 100001\r\nExpect: 100-continue\r\n\r\n',
    );
    assert.match(expecting, /^HTTP\/1\.1 413 /);
  });

  test('asks for the body of a caller who waits for it', async () => {
    const answer = await new Promise<number>((resolve) => {
      const outgoing = request(`${serving.url}/invocations`, {
        method: 'POST',
        headers: { ...png, expect: '100-continue', 'content-length': red.length },
      });
      outgoing.on('continue', () => outgoing.end(red));
      outgoing.on('response', (response) => resolve(response.resume().statusCode ?? 0));
      outgoing.flushHeaders();
    });
    assert.equal(answer, 200);
  });

  test('carries ids and attributes through', async () => {
    const headers = { ...png, 'x-request-id': 'abc-1', 'x-amzn-sagemaker-custom-attributes': 'trace=7' };
    const answer = await send({ headers, body: red });
    assert.equal(answer.headers['x-request-id'], 'abc-1');
    assert.equal(answer.headers['x-amzn-sagemaker-custom-attributes'], 'trace=7');
    const other = await send({ headers: { ...png, 'x-request-id': 'bad id\t' }, body: red });
    assert.match(other.headers['x-request-id'] as string, /^[0-9a-f-]{36}$/);
  });
});

describe('{"url": …}', () => {
  let photos: Server;
  let at: string;

  before(async () => {
    photos = createServer((incoming, response) => {
      if (incoming.url === '/red.png') response.end(red);
      else if (incoming.url === '/inside') response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
      else if (incoming.url === '/silent') response.flushHeaders();
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => photos.listen(0, '127.0.0.1', resolve));
    at = `127.0.0.1:${(photos.address() as AddressInfo).port}`;
  });

  after(() => {
    photos.closeAllConnections();
    photos.close();
  });

  const asking = (url: string): Sent => ({ headers: json, body: JSON.stringify({ url }) });

  test('is fetched where it may be, refused where not', async () => {
    await refuses(400, 'WHIPPET_NET_ADDRESS', asking(`http://${at}/red.png`));
    await refuses(400, 'WHIPPET_NET_URL', asking('file:///etc/passwd'));
    await restart({ urlAllow: [at] });
    assert.deepEqual(JSON.parse((await send(asking(`http://${at}/red.png`))).text), [[9, 0, 0, 0, 5, 5]]);
    await refuses(400, 'WHIPPET_NET_ADDRESS', asking(`http://${at}/inside`));
    await refuses(422, 'WHIPPET_NET_STATUS', asking(`http://${at}/missing`));
    await assert.rejects(start({ urlAllow: ['http://x'] }), { code: 'WHIPPET_NET_URL' });
  });

  test('no secret of it is logged or echoed', async () => {
    await restart({ urlAllow: [at] });
    const answer = await refuses(422, 'WHIPPET_NET_STATUS', asking(`http://${at}/missing?token=secret`));
    await send({ path: '/invocations?token=secret', headers: png, body: red });
    assert.ok(!answer.text.includes('secret') && !JSON.stringify(records).includes('secret'));
  });

  test('the time limit holds for it too', async () => {
    await restart({ urlAllow: [at], requestTimeoutMs: 150 });
    await refuses(504, 'WHIPPET_SERVE_TIME_LIMIT', asking(`http://${at}/silent`));
  });
});

interface Gate {
  readonly predictor: Predictor;
  readonly open: () => void;
  readonly waiting: () => number;
}

/** A predictor whose answers wait until they are let go: the real one, with a gate before it. */
function gated(): Gate {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let waiting = 0;
  const predict: Predictor['predict'] = async (bytes, source) => {
    waiting += 1;
    await opened;
    return predictor.predict(bytes, source);
  };
  return { predictor: { ...predictor, predict }, open, waiting: () => waiting };
}

async function queueLength(): Promise<number> {
  const { text } = await send({ method: 'GET', path: '/metrics' });
  return Number(/^whippet_queue_pictures (\d+)$/m.exec(text)?.[1]);
}

/** A connection of our own, for what HTTP clients don't do. */
function open(): { socket: Socket; text: () => string; closed: Promise<unknown> } {
  const { port, hostname } = new URL(serving.url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    text += chunk;
  });
  return { socket, text: () => text, closed: new Promise((resolve) => socket.on('close', resolve)) };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('under load', () => {
  test('the queue is bounded, and who is refused is told when to come again', async () => {
    const gate = gated();
    await restart({ predictor: gate.predictor, queueLimit: 3 });
    const accepted = [1, 2, 3].map(() => send({ headers: png, body: red }));
    await until(() => gate.waiting() === 3);
    const refused = await refuses(503, 'WHIPPET_SERVE_BUSY', { headers: png, body: red });
    assert.equal(refused.headers['retry-after'], '1');
    assert.equal((await send({ method: 'GET', path: '/ping' })).status, 200);
    gate.open();
    assert.deepEqual(
      (await Promise.all(accepted)).map((answer) => answer.status),
      [200, 200, 200],
    );
    assert.equal((await send({ headers: png, body: red })).status, 200);
  });

  test('an invocation ends at the time limit, and its place is free once its work ends', async () => {
    const gate = gated();
    await restart({ predictor: gate.predictor, queueLimit: 1, requestTimeoutMs: 100 });
    await refuses(504, 'WHIPPET_SERVE_TIME_LIMIT', { headers: png, body: red });
    await refuses(503, 'WHIPPET_SERVE_BUSY', { headers: png, body: red });
    gate.open();
    while ((await queueLength()) > 0);
    assert.equal((await send({ headers: png, body: red })).status, 200);
  });

  test('who leaves gives the place back and is logged as 499', async () => {
    const gate = gated();
    await restart({ predictor: gate.predictor, queueLimit: 1 });
    const outgoing = request(`${serving.url}/invocations`, { method: 'POST', headers: png });
    outgoing.on('error', () => undefined);
    outgoing.end(red);
    await until(() => gate.waiting() === 1);
    outgoing.destroy();
    await until(() => records.length === 1);
    assert.equal(records[0]?.status, 499);
    gate.open();
    while ((await queueLength()) > 0);
    assert.equal((await send({ headers: png, body: red })).status, 200);
  });

  test('64 callers at once are all answered, each with its own picture', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 64 });
    const answers = await Promise.all(
      Array.from({ length: 256 }, async (_, i) => ({
        i,
        answer: await send({ headers: png, body: i % 2 ? red : blue, agent }),
      })),
    );
    agent.destroy();
    for (const { i, answer } of answers) {
      assert.deepEqual(JSON.parse(answer.text), i % 2 ? [[9, 0, 0, 0, 5, 5]] : [[0, 0, 9, 5, 5, 0]]);
    }
  });
});

describe('shutting down', () => {
  const head = (length: number): string =>
    `POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: ${length}\r\n`;

  test('finishes what was accepted, accepts nothing more, closes what is idle', async () => {
    const gate = gated();
    await restart({ predictor: gate.predictor });
    const agent = new Agent({ keepAlive: true });
    await send({ method: 'GET', path: '/ping', agent });
    const silent = open();
    await new Promise((resolve) => silent.socket.once('connect', resolve));
    const accepted = send({ headers: png, body: red });
    await until(() => gate.waiting() === 1);
    let isDrained = false;
    const drained = serving.drain().then(() => {
      isDrained = true;
    });
    await assert.rejects(send({ method: 'GET', path: '/ping' }), { code: 'ECONNREFUSED' });
    await silent.closed;
    assert.equal(isDrained, false);
    gate.open();
    const answer = await accepted;
    assert.deepEqual([answer.status, answer.headers.connection], [200, 'close']);
    await drained;
    agent.destroy();
  });

  test('/ping says so on a connection that is still open', async () => {
    const late = open();
    late.socket.write(`${head(1)}Expect: 100-continue\r\n\r\n`);
    await until(() => late.text().includes('100 Continue'));
    const probe = open();
    probe.socket.write('GET /ping HTTP/1.1\r\nHost: x\r\n\r\nGET /ping HTTP/1.1\r\n');
    await until(() => probe.text().includes('200 OK'));
    const drained = serving.drain();
    probe.socket.write('Host: x\r\n\r\n');
    await probe.closed;
    assert.match(probe.text(), /HTTP\/1\.1 503 [\s\S]*WHIPPET_SERVE_DRAINING/);
    late.socket.write('x');
    await late.closed;
    assert.match(late.text(), /HTTP\/1\.1 422 /);
    await drained;
  });

  test('a caller who never finishes is cut off at the time limit', async () => {
    await restart({ requestTimeoutMs: 200 });
    const stuck = open();
    stuck.socket.write(`${head(100)}Expect: 100-continue\r\n\r\n`);
    await until(() => stuck.text().includes('100 Continue'));
    await serving.drain();
    await stuck.closed;
    assert.match(stuck.text(), /HTTP\/1\.1 504 /);
  });

  test('a port in use is said to be', async () => {
    const port = Number(new URL(serving.url).port);
    await assert.rejects(start({ port }), { code: 'WHIPPET_SERVE_LISTEN', message: /in use/ });
  });
});

describe('broken requests', () => {
  test('are answered in the same form', async () => {
    assert.match(await raw('nonsense\r\n\r\n'), /^HTTP\/1\.1 400 [\s\S]*WHIPPET_SERVE_MALFORMED/);
    assert.match(await raw('GET /ping HTTP/1.1\r\n\r\n'), /^HTTP\/1\.1 400 /);
    const long = `GET /ping HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`;
    assert.match(await raw(long), /^HTTP\/1\.1 431 [\s\S]*too long/);
    const smuggled =
      'POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
    assert.match(await raw(smuggled), /^HTTP\/1\.1 400 /);
  });

  test('slow heads and slow bodies are ended', async () => {
    await restart({ requestTimeoutMs: 300 });
    const head = await raw('GET /ping HTTP/1.1\r\nHost: x\r\nA: ', { half: false });
    assert.match(head, /^HTTP\/1\.1 408 [\s\S]*WHIPPET_SERVE_INCOMPLETE/);
    const body = await raw(
      'POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 9\r\n\r\nabc',
      { half: false },
    );
    assert.match(body, /^HTTP\/1\.1 (408|504) /);
  });
});

test('2,000 mutated requests: every answer is in order, and the server is as before', async () => {
  const seen = await sendMutatedRequests(predictor, { picture: red, seed: 'mutations', count: 2000 });
  // The mutations reach past the parser: some are still right, some are wrong in each way.
  for (const status of [200, 400, 404, 405, 415, 422]) assert.ok((seen.get(status) ?? 0) > 0, `${status}`);
});

describe('GET /metrics and the log', () => {
  test('count what happened', async () => {
    await restart({ metrics });
    await send({ headers: png, body: red });
    await send({ headers: { ...png, accept: 'text/csv' }, body: red });
    const { text, headers } = await send({ method: 'GET', path: '/metrics' });
    assert.match(headers['content-type'] as string, /^text\/plain; version=0\.0\.4/);
    assert.match(text, /whippet_requests_total\{route="invocations",status="200",code=""\} 1\n/);
    assert.match(
      text,
      /whippet_requests_total\{route="invocations",status="406",code="WHIPPET_SERVE_NOT_ACCEPTABLE"\} 1\n/,
    );
    assert.match(text, /whippet_request_duration_seconds_count\{route="invocations"\} 2\n/);
    assert.match(text, /whippet_stage_duration_seconds_count\{stage="predict"\} 1\n/);
    assert.match(text, /whippet_novelty_percentile_count 1\n/);
    assert.match(text, /whippet_queue_pictures 0\n/);
    assert.match(text, /whippet_model_info\{digest="[0-9a-f]{64}",backbone="mean-colour"/);
    assert.match(text, /whippet_batch_pictures_count [1-9]/);
    assert.match(text, /process_resident_memory_bytes \d/);
  });

  test('one line per request, with what is needed and nothing private', async () => {
    await restart({ clock: { now: () => 0, elapsed: () => 5 } });
    await send({ path: '/invocations?a=b', headers: { ...png, 'x-request-id': 'r1' }, body: red });
    await until(() => records.length === 1);
    const { bytesOut, ...record } = records[0] as AccessRecord;
    assert.ok(bytesOut > 10);
    assert.deepEqual(record, {
      time: '1970-01-01T00:00:00.000Z',
      requestId: 'r1',
      method: 'POST',
      path: '/invocations',
      status: 200,
      milliseconds: 0,
      bytesIn: red.length,
    });
  });
});
