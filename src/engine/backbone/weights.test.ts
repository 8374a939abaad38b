import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { download } from '../../net/index.ts';
import type { EngineEvent } from '../events.ts';
import { acquireWeights, type WeightsSource, weightsAt } from './weights.ts';

/** The smallest safetensors file: one float. */
const header = '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
const weightsOf = (value: number): Uint8Array => {
  const bytes = Buffer.alloc(8 + header.length + 4);
  bytes.writeBigUInt64LE(BigInt(header.length));
  bytes.write(header, 8);
  bytes.writeFloatLE(value, 8 + header.length);
  return Uint8Array.from(bytes);
};
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let cacheDirectory: string;
let server: Server;
let source: WeightsSource;
let served: { bytes: Uint8Array; headers: Record<string, string> };
let requests: number;
let events: EngineEvent[];

beforeEach(async () => {
  cacheDirectory = await mkdtemp(join(tmpdir(), 'whippet-weights-'));
  served = { bytes: weightsOf(1), headers: {} };
  requests = 0;
  events = [];
  // Like the hub: a redirection that carries the digest, then the bytes from elsewhere.
  server = createServer((request, response) => {
    requests++;
    if (request.url === '/model.safetensors') {
      response.writeHead(302, { location: '/cdn', ...served.headers }).end();
      return;
    }
    response.writeHead(200, { 'content-length': served.bytes.length }).end(served.bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  source = { name: 'tiny-v1', url: `http://127.0.0.1:${port}/model.safetensors` };
});

afterEach(async () => {
  server.close();
  await rm(cacheDirectory, { recursive: true });
});

const acquire = (from = source): ReturnType<typeof acquireWeights> =>
  acquireWeights(from, { cacheDirectory, download, onEvent: (event) => events.push(event) });
const cached = (): string => join(cacheDirectory, 'weights', 'tiny-v1.safetensors');
const readLock = async (): Promise<{ sha256: string; bytes: number; verifiedBy: string }> =>
  JSON.parse(await readFile(`${cached()}.lock.json`, 'utf8'));
const warnings = (): string[] => events.flatMap((event) => (event.type === 'warning' ? [event.code] : []));

test('weights in the cache of others are taken from there, unless they are not what they should be', async () => {
  const { path, facts } = await acquire();
  const own = join(cacheDirectory, 'own');
  const fromBase = (): ReturnType<typeof acquireWeights> =>
    acquireWeights(source, {
      cacheDirectory: own,
      download,
      baseCacheDirectories: [join(cacheDirectory, 'nowhere'), cacheDirectory],
    });
  const before = requests;
  assert.deepEqual(await fromBase(), { path, facts });
  assert.equal(requests, before);
  await writeFile(path, weightsOf(2));
  assert.deepEqual((await fromBase()).path, join(own, 'weights', 'tiny-v1.safetensors'));
  await rm(path);
  await rm(`${path}.lock.json`);
});

test('weights are downloaded once, with their size told first', async () => {
  served.headers = { 'x-linked-etag': `"${sha256(served.bytes)}"`, 'x-linked-size': String(served.bytes.length) };
  const first = await acquire();
  assert.deepEqual(await readFile(first.path), Buffer.from(served.bytes));
  assert.deepEqual(first.facts, { source: source.url, sha256: sha256(served.bytes), bytes: served.bytes.length });
  assert.deepEqual(events[0], {
    type: 'progress',
    stage: 'download',
    done: 0,
    total: served.bytes.length,
    unit: 'bytes',
  });
  assert.equal((await readLock()).verifiedBy, 'host');
  assert.deepEqual(warnings(), []);
  const before = requests;
  assert.deepEqual(await acquire(), first);
  assert.equal(requests, before);
});

test('what the host did not announce is refused and removed', async () => {
  for (const headers of [{ 'x-linked-etag': `"${sha256(weightsOf(2))}"` }, { 'x-linked-size': '1' }]) {
    served.headers = headers as Record<string, string>;
    await assert.rejects(acquire(), { code: 'WHIPPET_BACKBONE_WEIGHTS_UNVERIFIED' });
    await assert.rejects(stat(cached()), { code: 'ENOENT' });
    await assert.rejects(readLock(), { code: 'ENOENT' });
  }
});

test('where nobody vouches, the first download is trusted with a warning, and no other afterwards', async () => {
  // A Git hash of 40 digits says nothing of the content's SHA-256.
  served.headers = { 'x-linked-etag': `"${'a'.repeat(40)}"` };
  await acquire();
  assert.deepEqual(warnings(), ['weights-unverified']);
  assert.equal((await readLock()).verifiedBy, 'first use');
  await rm(cached());
  served.bytes = weightsOf(2);
  await assert.rejects(acquire(), { code: 'WHIPPET_NET_CHECKSUM' });
  served.bytes = weightsOf(1);
  await acquire();
  assert.deepEqual(warnings(), ['weights-unverified']);
});

test('a pinned digest decides, also against a lock', async () => {
  const pinned = { ...source, sha256: sha256(weightsOf(1)) };
  served.bytes = weightsOf(2);
  await assert.rejects(acquire(pinned), { code: 'WHIPPET_NET_CHECKSUM' });
  await acquire();
  await assert.rejects(acquire(pinned), { code: 'WHIPPET_BACKBONE_WEIGHTS_CHANGED' });
  await rm(join(cacheDirectory, 'weights'), { recursive: true });
  served.bytes = weightsOf(1);
  await acquire(pinned);
  assert.equal((await readLock()).verifiedBy, 'pin');
});

test('a cached file that changed is refused', async () => {
  await acquire();
  await writeFile(cached(), weightsOf(3));
  await assert.rejects(acquire(), { code: 'WHIPPET_BACKBONE_WEIGHTS_CHANGED' });
  await writeFile(`${cached()}.lock.json`, '{}');
  await assert.rejects(acquire(), { code: 'WHIPPET_BACKBONE_WEIGHTS_LOCK' });
});

test('a file without its lock, as after a crash, is fetched again; a page instead of weights is not trusted', async () => {
  await acquire();
  await rm(`${cached()}.lock.json`);
  served.bytes = new TextEncoder().encode('<html>Please log in to the guest network</html>');
  await assert.rejects(acquire(), { code: 'WHIPPET_BACKBONE_WEIGHTS_MALFORMED' });
  await assert.rejects(stat(cached()), { code: 'ENOENT' });
  served.bytes = weightsOf(1);
  assert.equal((await acquire()).facts.sha256, sha256(weightsOf(1)));
});

test('a file of one’s own is described by its digest', async () => {
  const path = join(cacheDirectory, 'own.safetensors');
  await writeFile(path, weightsOf(5));
  assert.deepEqual(await weightsAt(path), { source: path, sha256: sha256(weightsOf(5)), bytes: weightsOf(5).length });
  await assert.rejects(weightsAt(join(cacheDirectory, 'none')), { code: 'WHIPPET_BACKBONE_FILE' });
});
