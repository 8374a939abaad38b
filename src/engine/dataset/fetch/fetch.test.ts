import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';
import { seededRandom } from '../../../random/index.ts';
import type { EngineEvent } from '../../events.ts';
import { archiveLimits } from './entries.ts';
import { fetchDataset } from './fetch.ts';
import { fetchableDatasets } from './registry.ts';
import { unpack } from './unpack.ts';

interface Packed {
  readonly name: string;
  readonly content?: Buffer;
  /** st_mode. */
  readonly mode?: number;
  readonly flags?: number;
  readonly method?: number;
  /** Lies in the directory. */
  readonly crc?: number;
  readonly size?: number;
  /** Points to the data of the entry of this index. */
  readonly sharesDataOf?: number;
}

/** Writes a zip archive (APPNOTE 6.3), wrong where a test wants it wrong. */
function zip(entries: readonly Packed[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  const offsets: number[] = [];
  let offset = 0;
  for (const { name, content = Buffer.alloc(0), mode = 0o100644, flags = 0x800, method = 8, ...lies } of entries) {
    const packed = method === 8 ? deflateRawSync(content) : content;
    const text = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(lies.crc ?? crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(lies.size ?? content.length, 18);
    common.writeUInt16LE(text.length, 22);
    const own = offsets.push(lies.sharesDataOf === undefined ? offset : offsets[lies.sharesDataOf]!) - 1;
    if (lies.sharesDataOf === undefined) {
      const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, text, packed]);
      locals.push(local);
      offset += local.length;
    }
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6);
    rest.writeUInt32LE(offsets[own]!, 10);
    directory.push(Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), common, rest, text);
  }
  const body = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(body.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, body, Buffer.from('PK\x05\x06'), end]);
}

const random = seededRandom('photos');
const photo = (length: number): Buffer => Buffer.from(Uint8Array.from({ length }, () => random.integer(256)));
const photos = {
  'train/001.Affenpinscher/a.jpg': photo(60_000),
  'train/002.Akita/b.jpg': photo(50_000),
  'test/001.Affenpinscher/c.jpg': photo(40_000),
};
const dogs = zip([
  { name: 'dogImages/', mode: 0o040755 },
  ...Object.entries(photos).map(([name, content], index) => ({
    name: `dogImages/${name}`,
    content,
    method: index === 0 ? 0 : 8,
  })),
  { name: '__MACOSX/dogImages/._a.jpg', content: Buffer.from('litter') },
  { name: 'dogImages/.DS_Store', content: Buffer.from('litter') },
]);

let root: string;
let folder: string;
let server: Server;
let url: string;
let requests: IncomingMessage[];
let handler: (request: IncomingMessage, response: ServerResponse) => void;

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'whippet-fetch-'));
  server = createServer((request, response) => {
    requests.push(request);
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/dogImages.zip`;
});

after(async () => {
  server.closeAllConnections();
  server.close();
  await rm(root, { recursive: true, force: true });
});

beforeEach(async () => {
  folder = await mkdtemp(join(root, 'case-'));
  requests = [];
  handler = (_request, response) => response.setHeader('etag', '"1"').end(dogs);
});

function fetchDogs(directory = 'dogs', more: Parameters<typeof fetchDataset>[2] = {}): ReturnType<typeof fetchDataset> {
  const known = [{ name: 'dogs', description: 'three photos', url }];
  return fetchDataset('dogs', join(folder, directory), { known, ...more });
}

async function assertPhotos(directory = 'dogs'): Promise<void> {
  for (const [name, content] of Object.entries(photos)) {
    assert.deepEqual(await readFile(join(folder, directory, name)), content);
  }
  assert.deepEqual(readdirSync(join(folder, directory)), ['test', 'train']);
}

describe('fetchDataset', () => {
  test('downloads, unpacks without wrapping and litter, and pins what it got', async () => {
    const events: EngineEvent[] = [];
    const fetched = await fetchDogs('dogs', { onEvent: (event) => events.push(event) });
    await assertPhotos();
    assert.deepEqual([fetched.files, fetched.bytes, fetched.reused], [3, 150_000, false]);
    assert.deepEqual(readdirSync(folder), ['dogs', 'dogs.lock.json']);
    assert.deepEqual(JSON.parse(await readFile(fetched.lock, 'utf8')), {
      name: 'dogs',
      url,
      sha256: createHash('sha256').update(dogs).digest('hex'),
      bytes: dogs.length,
      unpacked: { files: 3, bytes: 150_000 },
    });
    assert.deepEqual(events[0], { type: 'progress', stage: 'download', done: 0, total: dogs.length, unit: 'bytes' });
    assert.deepEqual(events.at(-1), {
      type: 'progress',
      stage: 'unpack',
      done: 150_000,
      total: 150_000,
      unit: 'bytes',
    });
    assert.ok(events.some((event) => event.type === 'warning' && event.code === 'dataset-unverified'));
  });

  test('does nothing when it is there already', async () => {
    await fetchDogs();
    requests = [];
    assert.equal((await fetchDogs()).reused, true);
    assert.equal(requests.length, 0);
  });

  test('fetches it again where it is gone, if it is still the same', async () => {
    await fetchDogs();
    await rm(join(folder, 'dogs'), { recursive: true });
    assert.equal((await fetchDogs()).reused, false);
    await rm(join(folder, 'dogs'), { recursive: true });
    const other = zip([{ name: 'a/b.jpg', content: photo(dogs.length) }]);
    for (const changed of [Buffer.concat([dogs.subarray(0, -1), Buffer.from([7])]), other]) {
      handler = (_request, response) => response.end(changed);
      await assert.rejects(fetchDogs(), { code: 'WHIPPET_DATASET_FETCH_CHANGED' });
    }
    assert.deepEqual(readdirSync(folder), ['dogs.lock.json']);
  });

  test('goes on after a cut, and after a stop between download and unpacking', async () => {
    handler = (request, response) => {
      if (requests.length === 1) {
        response.writeHead(200, { etag: '"1"', 'content-length': dogs.length });
        response.write(dogs.subarray(0, 70_000), () => response.socket?.end());
        return;
      }
      const from = Number(/\d+/.exec(request.headers.range ?? '')?.[0]);
      const range = `bytes ${from}-${dogs.length - 1}/${dogs.length}`;
      response.writeHead(206, { etag: '"1"', 'content-range': range }).end(dogs.subarray(from));
    };
    const stop = new AbortController();
    const onEvent = (event: EngineEvent): void => {
      if (event.type === 'progress' && event.stage === 'unpack') stop.abort(new Error('stopped'));
    };
    await assert.rejects(fetchDogs('dogs', { onEvent, signal: stop.signal }), /stopped/);
    assert.deepEqual(readdirSync(folder), ['.dogs.fetched.zip']);
    assert.equal(requests.length, 2);
    await fetchDogs();
    assert.equal(requests.length, 2);
    await assertPhotos();
    assert.deepEqual(readdirSync(folder), ['dogs', 'dogs.lock.json']);
  });

  test('leaves alone what it has not made', async () => {
    await mkdir(join(folder, 'mine'));
    await writeFile(join(folder, 'mine', 'photo.jpg'), 'precious');
    await writeFile(join(folder, 'file'), 'precious');
    for (const name of ['mine', 'file'])
      await assert.rejects(fetchDogs(name), { code: 'WHIPPET_DATASET_FETCH_EXISTS' });
    await mkdir(join(folder, 'empty'));
    await fetchDogs('empty');
    await assertPhotos('empty');
    await rm(join(folder, 'empty/train/002.Akita/b.jpg'));
    await assert.rejects(fetchDogs('empty'), { code: 'WHIPPET_DATASET_FETCH_EXISTS' });
    await writeFile(join(folder, 'odd.lock.json'), '{');
    await assert.rejects(fetchDogs('odd'), { code: 'WHIPPET_DATASET_FETCH_LOCK' });
    assert.equal(requests.length, 1);
  });

  test('knows names, and what is no archive', async () => {
    assert.match(fetchableDatasets.find((one) => one.name === 'dog-breeds')?.url ?? '', /^https:.*\/dogImages\.zip$/);
    await assert.rejects(fetchDataset('cats', folder), { code: 'WHIPPET_DATASET_FETCH_UNKNOWN' });
    handler = (_request, response) => response.end('<html>not here</html>');
    await assert.rejects(fetchDogs(), { code: 'WHIPPET_DATASET_ARCHIVE' });
    assert.deepEqual(readdirSync(folder), []);
  });
});

describe('unpack', () => {
  const content = Buffer.from('x');
  const dense = Buffer.alloc(4 << 20);
  const bad: Readonly<Record<string, readonly Packed[]>> = {
    'climbs out': [{ name: '../evil', content }],
    'climbs out later': [{ name: 'a/../../evil', content }],
    'is absolute': [{ name: '/etc/evil', content }],
    'is on a drive': [{ name: 'C:/evil', content }],
    'has a backslash': [{ name: '..\\evil', content }],
    'has a null byte': [{ name: 'a\u0000.jpg', content }],
    'has an empty part': [{ name: 'a//b', content }],
    'is a link': [{ name: 'link', content: Buffer.from('/etc/passwd'), mode: 0o120777 }],
    'is a device': [{ name: 'device', mode: 0o020666 }],
    'is there twice': [
      { name: 'a.jpg', content },
      { name: 'a.jpg', content },
    ],
    'is there twice but for case': [
      { name: 'a/B.jpg', content },
      { name: 'A/b.jpg', content },
    ],
    'is there twice but for its form': [
      { name: 'caf\u00e9', content },
      { name: 'cafe\u0301', content },
    ],
    'is a file and a folder': [
      { name: 'a', content },
      { name: 'a/b', content },
    ],
    'is encrypted': [{ name: 'a', content, flags: 0x801 }],
    'is packed strangely': [{ name: 'a', content, method: 14 }],
    'is a bomb': [{ name: 'a', content: dense }],
    'shares its bytes': Array.from({ length: 40 }, (_, i) => ({
      name: `${i}`,
      content: photos['test/001.Affenpinscher/c.jpg'],
      ...(i > 0 ? { sharesDataOf: 0 } : {}),
    })),
    'has a wrong checksum': [{ name: 'a', content, crc: 1 }],
    'is longer than it says': [{ name: 'a', content: Buffer.alloc(900), size: 800 }],
    'is shorter than it says': [{ name: 'a', content: Buffer.alloc(700), size: 800 }],
  };

  test('refuses what could do harm, and writes nothing outside', async () => {
    for (const [what, entries] of Object.entries(bad)) {
      const archive = join(folder, 'bad.zip');
      const target = join(folder, 'in', 'side');
      await mkdir(target, { recursive: true });
      await writeFile(archive, zip(entries));
      await assert.rejects(unpack(archive, target), { code: 'WHIPPET_DATASET_ARCHIVE' }, what);
      assert.deepEqual(readdirSync(join(folder, 'in')), ['side'], what);
      assert.ok(!existsSync('/etc/evil'), what);
      await rm(join(folder, 'in'), { recursive: true });
    }
  });

  test('keeps to its limits', async () => {
    const archive = join(folder, 'a.zip');
    const target = join(folder, 'target');
    await mkdir(target);
    await writeFile(archive, dogs);
    await assert.rejects(
      unpack(archive, target, { limits: { ...archiveLimits, maxEntries: 5 } }),
      /more than 5 entries/,
    );
    await assert.rejects(
      unpack(archive, target, { limits: { ...archiveLimits, maxBytes: 150_000 } }),
      /more than 150000/,
    );
    assert.deepEqual(readdirSync(target), []);
    assert.equal((await unpack(archive, target, { limits: { ...archiveLimits, maxBytes: 151_000 } })).files, 3);
  });

  test('survives archives that are damaged anywhere', async () => {
    const random = seededRandom('damage');
    const small = zip([
      { name: 'd/a.jpg', content: Buffer.from('hello hello hello') },
      { name: 'd/b.jpg', content },
    ]);
    for (let i = 0; i < 300; i++) {
      const damaged = Buffer.from(
        small.subarray(0, random.integer(4) === 0 ? random.integer(small.length) : small.length),
      );
      for (let hits = 0; hits <= i % 3 && damaged.length > 0; hits++)
        damaged[random.integer(damaged.length)] = random.integer(256);
      const archive = join(folder, `${i}.zip`);
      const target = join(folder, `in-${i}`);
      await mkdir(target);
      await writeFile(archive, damaged);
      await unpack(archive, target).catch((error: { code?: string }) =>
        assert.equal(error.code, 'WHIPPET_DATASET_ARCHIVE', String(error)),
      );
    }
    assert.ok(readdirSync(folder).every((name) => /^(\d+\.zip|in-\d+)$/.test(name)));
  });
});
