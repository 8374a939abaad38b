/**
 * Listing 1,000 of a million keys in a thousand folders: the bare query, the listing's own function, the operation, its XML, and the
 * signed request over HTTP (client and server share this process). Medians; ratios are to the bare query.
 *
 *     node bench/s3-listing.ts [folders]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../src/server/index.ts';
import type { Call } from '../src/services/operation.ts';
import { findBucket } from '../src/services/s3/buckets.ts';
import { listKeys } from '../src/services/s3/key-listing.ts';
import type { ListingPosition } from '../src/services/s3/listing.ts';
import { writeToken } from '../src/services/s3/listing-answers.ts';
import { listObjectsV2 } from '../src/services/s3/operations/list-objects-v2.ts';
import type { S3State } from '../src/services/s3/state.ts';
import { listVersions } from '../src/services/s3/version-listing.ts';
import { putVersion } from '../src/services/s3/versions.ts';
import { serviceTables } from '../src/services/tables.ts';
import { openStore } from '../src/store/index.ts';
import { loadModel, loadProtocol, type OperationModel, type WireValue } from '../src/wire/index.ts';
import { rawRequest, send } from '../test/server/client.ts';
import { signed } from '../test/server/signing.ts';

const folders = Number(process.argv[2] ?? 1000);
const perFolder = 1000;
const rounds = 100;
const limit = 1000;
const bucket = 'bench';

const middle = folderName(folders / 2);
const deep: ListingPosition = { kind: 'key', text: keyName(Math.floor(folders * 0.9), perFolder / 2) };

/** What is asked for, as the function and as a query take it. */
const cases: readonly { name: string; prefix?: string; delimiter?: string; after?: ListingPosition }[] = [
  { name: 'flat' },
  { name: 'prefix', prefix: middle },
  { name: 'delimiter, folders of 1,000 keys', delimiter: '/' },
  { name: 'delimiter, folders of one key', prefix: middle, delimiter: '.' },
  { name: 'deep token', after: deep },
];

function folderName(index: number): string {
  return `folder-${String(Math.floor(index)).padStart(6, '0')}/`;
}

function keyName(folder: number, index: number): string {
  return `${folderName(folder)}photo-${String(index).padStart(6, '0')}.jpg`;
}

function fill(state: S3State): void {
  const { database } = state.store;
  database.run(
    "INSERT INTO buckets (name, account, region, created) VALUES (?, '000000000000', 'us-east-1', 0)",
    bucket,
  );
  const target = findBucket(bucket, state);
  if (target === undefined) throw new Error('The bucket was not made.');
  const described = { size: 40_000, etag: 'd41d8cd98f00b204e9800998ecf8427e', parts: [], metadata: {} };
  const headers = { ContentType: 'image/jpeg' };
  const checksum = { algorithm: 'CRC32', value: 'jNz8wg==', type: 'FULL_OBJECT' } as const;
  for (let folder = 0; folder < folders; folder++) {
    database.transaction(() => {
      for (let index = 0; index < perFolder; index++) {
        putVersion(target, { ...described, key: keyName(folder, index), headers, checksum }, state);
      }
    });
  }
}

/** Milliseconds: on the clock, and of the processor, which tells more where others use the machine too. */
interface Cost {
  readonly clock: number;
  readonly processor: number;
}

async function median(work: () => unknown, prepare: () => unknown = () => undefined): Promise<Cost> {
  const costs: Cost[] = [];
  for (let round = -10; round < rounds; round++) {
    await prepare();
    const [started, used] = [performance.now(), process.cpuUsage()];
    await work();
    const clock = performance.now() - started;
    const { user, system } = process.cpuUsage(used);
    if (round >= 0) costs.push({ clock, processor: (user + system) / 1000 });
  }
  const middleOf = (key: keyof Cost): number =>
    costs.map((cost) => cost[key]).sort((one, other) => one - other)[rounds >> 1] ?? Number.NaN;
  return { clock: middleOf('clock'), processor: middleOf('processor') };
}

const model = await loadModel('s3');
const operation = model.operations.get('ListObjectsV2') as OperationModel;
const protocol = await loadProtocol('rest-xml', model);
const request = rawRequest('http://127.0.0.1', {});
const answerContext = { requestId: 'bench', service: model, request: request as never };

function measured(name: string, { clock, processor }: Cost, bare: Cost): void {
  const [time, own] = [clock, processor].map((milliseconds) => milliseconds.toFixed(2).padStart(6));
  const ratio = (processor / bare.processor).toFixed(1);
  process.stdout.write(`  ${name.padEnd(10)} ${time} ms, ${own} ms of the processor, ${ratio} × bare\n`);
}

async function measureFunctions(state: S3State): Promise<Cost> {
  const sql = `SELECT key, size, etag, modified, checksum, headers FROM objects WHERE bucket = ? AND key >= ?
    ORDER BY key LIMIT ${limit}`;
  const bare = await median(() => state.store.database.all(sql, bucket, middle));
  process.stdout.write(`a query for ${limit} rows\n`);
  measured('bare', bare, bare);
  for (const { name, prefix = '', delimiter = '', after } of cases) {
    process.stdout.write(`${name}\n`);
    const asked = { bucket, prefix, delimiter, after, limit };
    measured('function', await median(() => listKeys(asked, state)), bare);
    const input = { Bucket: bucket, Prefix: prefix, Delimiter: delimiter, EncodingType: 'url' as const };
    const token = after && { ContinuationToken: writeToken(after) };
    const run = () => listObjectsV2.run({ ...input, ...token }, {} as Call, state) as WireValue;
    measured('operation', await median(run), bare);
    const output = run();
    measured('XML', await median(() => protocol.write(output, operation, answerContext)), bare);
    measured('versions', await median(() => listVersions({ ...asked, after: undefined }, state)), bare);
  }
  return bare;
}

async function measureRequests(directory: string, bare: Cost): Promise<void> {
  const server = await startServer({ port: 0, state: directory });
  try {
    for (const { name, prefix = '', delimiter = '', after } of cases) {
      const query = new URLSearchParams({
        ...(after && { 'continuation-token': writeToken(after) }),
        ...(delimiter && { delimiter }),
        'encoding-type': 'url',
        'list-type': '2',
        ...(prefix && { prefix }),
      });
      const target = `/${bucket}?${query}`;
      const sign = () => signed(rawRequest(server.url, { target }), { keys: server.credentials, service: 's3' });
      let ready = await sign();
      const check = await send(server.url, ready);
      const entries = check.text.match(/<Contents>|<CommonPrefixes>/g)?.length;
      if (entries !== Math.min(limit, delimiter === '/' ? folders : limit)) throw new Error(check.text.slice(0, 500));
      const cost = await median(
        () => send(server.url, ready),
        async () => {
          ready = await sign();
        },
      );
      process.stdout.write(`${name}, ${entries} entries, ${check.body.length} bytes\n`);
      measured('request', cost, bare);
    }
  } finally {
    await server.stop();
  }
}

const directory = await mkdtemp(join(tmpdir(), 'whippet-bench-'));
try {
  const store = await openStore({ directory, schemas: serviceTables, durability: 'memory' });
  const now = (): Date => new Date();
  const state = { store, clock: { now }, random: (bytes: number) => Buffer.alloc(bytes) };
  const started = performance.now();
  fill(state);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(
    `${folders * perFolder} keys in ${folders} folders, written in ${seconds} s; medians of ${rounds}\n`,
  );
  const bare = await measureFunctions(state);
  await store.close();
  await measureRequests(directory, bare);
} finally {
  await rm(directory, { recursive: true, force: true });
}
