import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { type AccessRecord, startServing } from '../../src/container/index.ts';
import type { Predictor } from '../../src/engine/index.ts';
import { type Random, seededRandom } from '../../src/random/index.ts';

/** Every status that the server may answer with. */
const statuses = new Set([200, 400, 404, 405, 406, 408, 413, 415, 422, 431, 503]);

function head(target: string, headers: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries(headers).map(([name, text]) => `${name}: ${text}\r\n`);
  return `${target} HTTP/1.1\r\nHost: x\r\n${lines.join('')}\r\n`;
}

function post(headers: Readonly<Record<string, string | number>>, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(head('POST /invocations', { ...headers, 'Content-Length': body.length })), body]);
}

/** Requests that are right, to be made wrong. */
function requestsWith(picture: Buffer): readonly Buffer[] {
  const base64 = Buffer.from(JSON.stringify({ image: picture.toString('base64') }));
  const json = { 'Content-Type': 'application/json' };
  const chunked = Buffer.from(
    head('POST /invocations', { 'Content-Type': 'image/png', 'Transfer-Encoding': 'chunked' }),
  );
  return [
    Buffer.from(head('GET /ping', {})),
    Buffer.from(head('PUT /invocations', { 'Content-Length': 0 })),
    Buffer.from(head('GET /metrics', { Accept: '*/*' })),
    post({ 'Content-Type': 'image/png' }, picture),
    post({ 'Content-Type': 'image/png', Accept: 'application/vnd.whippet+json;top=3, */*;q=0.1' }, picture),
    post({ ...json, 'X-Request-Id': 'a.b', Expect: '100-continue' }, base64),
    post(json, Buffer.from('{"url":"http://127.0.0.1:1/photo.jpg"}')),
    Buffer.concat([chunked, Buffer.from(`${picture.length.toString(16)}\r\n`), picture, Buffer.from('\r\n0\r\n\r\n')]),
  ];
}

const pieces = [
  '\r\n',
  '\u0000',
  '\r\n\r\n',
  'Content-Length: 5\r\n',
  'Transfer-Encoding: chunked\r\n',
  '"',
  '{',
  '%00',
  '../',
  ';',
  ',',
  '=',
  '\u00e9',
  '9'.repeat(40),
  'HTTP/1.1',
  '?top=',
  ' ',
];

function mutate(request: Buffer, { random, others }: { random: Random; others: readonly Buffer[] }): Buffer {
  let bytes = Buffer.from(request);
  for (let hits = random.integer(4); hits >= 0; hits--) {
    const at = random.integer(bytes.length);
    const kind = random.integer(7);
    if (kind === 0) bytes[at] = random.integer(256);
    else if (kind === 1) bytes[at] = bytes[at]! ^ (1 << random.integer(8));
    else if (kind === 2) bytes = bytes.subarray(0, Math.max(1, at));
    else if (kind === 3)
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + random.integer(64)))]);
    else if (kind === 4)
      bytes = Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from(pieces[random.integer(pieces.length)]!),
        bytes.subarray(at),
      ]);
    else if (kind === 5)
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + random.integer(200)), bytes.subarray(at)]);
    else bytes = Buffer.concat([bytes, others[random.integer(others.length)]!]);
    if (bytes.length === 0) return Buffer.from('x');
  }
  return bytes;
}

/** Longer than any answer takes: who has none by then is waiting for bytes that never come. */
const patienceMs = 60;

/** Sends the bytes and resolves with what came back. Ends its side only then, as Node drops requests whose sender has ended. */
function exchange(url: string, bytes: Buffer, patience = patienceMs): Promise<string> {
  const { port, hostname } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ port: Number(port), host: hostname });
    let text = '';
    const timer = setTimeout(() => socket.end(), patience);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (/HTTP\/1\.1 [2-5]\d\d /.test(text)) socket.end();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(text);
    });
    socket.write(bytes);
  });
}

/**
 * Sends `count` mutated requests and checks that every answer is one the server may give, that none of them is a defect, and that the
 * server is as it was afterwards. A failure names the seed and the number, so that it can be repeated.
 */
export async function sendMutatedRequests(
  predictor: Predictor,
  { picture, seed, count }: { readonly picture: Buffer; readonly seed: string; readonly count: number },
): Promise<ReadonlyMap<number, number>> {
  const defects: AccessRecord[] = [];
  const log = (record: AccessRecord): void => {
    if (record.defect !== undefined || record.status >= 500) defects.push(record);
  };
  const serving = await startServing({ predictor, port: 0, host: '127.0.0.1', log, requestTimeoutMs: 20_000 });
  const others = requestsWith(picture);
  const seen = new Map<number, number>();
  const one = async (number: number): Promise<void> => {
    const random = seededRandom(`${seed}/${number}`);
    const request = mutate(others[random.integer(others.length)]!, { random, others });
    const answers = await exchange(serving.url, request);
    for (const [, status] of answers.matchAll(/^HTTP\/1\.1 (\d{3}) (?!Continue)/gm)) {
      assert.ok(statuses.has(Number(status)), `${seed}/${number}: status ${status}`);
      seen.set(Number(status), (seen.get(Number(status)) ?? 0) + 1);
    }
  };
  try {
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let number = next++; number < count; number = next++) {
        await one(number);
        assert.deepEqual(defects, [], `${seed}, up to ${number}`);
      }
    };
    await Promise.all(Array.from({ length: 48 }, lane));
    assert.match(
      await exchange(serving.url, post({ 'Content-Type': 'image/png' }, picture), 10_000),
      /^HTTP\/1\.1 200 /,
    );
    // Pictures whose senders have left are still worked on.
    const metrics = Buffer.from(head('GET /metrics', {}));
    while (!/\nwhippet_queue_pictures 0\n/.test(await exchange(serving.url, metrics, 10_000)));
    return seen;
  } finally {
    await serving.drain();
  }
}
