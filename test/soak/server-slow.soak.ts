import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { setInterval } from 'node:timers/promises';
import { rawRequest } from '../server/client.ts';
import { running } from '../server/running.ts';
import { signed } from '../server/signing.ts';

/** Sends a byte a second until the server has had enough; what it said, and after how many seconds. */
async function drip(
  url: string,
  { head, bytes }: { head: string; bytes: string },
): Promise<{ said: string; seconds: number }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const started = performance.now();
  let said = '';
  let open = true;
  socket.setEncoding('latin1').on('data', (text: string) => {
    said += text;
  });
  socket
    .on('error', () => {})
    .on('close', () => {
      open = false;
    });
  socket.write(head);
  let next = 0;
  for await (const _ of setInterval(1000)) {
    if (!open || next > 90) break;
    socket.write(bytes[next++ % bytes.length] ?? 'x');
  }
  socket.destroy();
  return { said, seconds: (performance.now() - started) / 1000 };
}

describe('a client that drips', { concurrency: true }, () => {
  test('its head, is closed after half a minute', async (t) => {
    const { url } = await running(t);
    const { said, seconds } = await drip(url, { head: 'GET / HTTP/1.1\r\nHost: localhost\r\nX: ', bytes: 'a' });
    assert.match(said, /^HTTP\/1\.1 408 /);
    assert.ok(seconds < 35, `${seconds} s`);
  });

  test('nothing of its body, is closed after a minute', async (t) => {
    const { url, server, root } = await running(t);
    await root.s3('PUT', '/bucket');
    const put = rawRequest(url, { method: 'PUT', target: '/bucket/key', body: Buffer.alloc(100) });
    const { headers } = await signed(put, { keys: server.credentials, service: 's3' });
    const lines = Object.entries({ ...headers, 'content-length': '100' }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const started = performance.now();
    socket.on('error', () => {}).resume();
    socket.write(`PUT /bucket/key HTTP/1.1\r\n${lines.join('')}\r\n`);
    await new Promise((resolve) => socket.once('close', resolve));
    assert.ok(performance.now() - started < 75_000);
    assert.equal((await root.s3('GET', '/bucket/key')).status, 404);
  });
});
