import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { blockSize } from './tar-header.ts';
import { unpackModel } from './unpack-model.ts';

interface Entry {
  readonly path: string;
  readonly content?: string | Buffer;
  readonly type?: string;
  readonly link?: string;
  /** Where the header lies about its content. */
  readonly size?: number;
}

function tarEntry({ path, content = '', type = '0', link = '', size }: Entry): Buffer {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(blockSize);
  header.write(path, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${(size ?? bytes.length).toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write(type, 156);
  header.write(link, 157, 100);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, bytes, Buffer.alloc((blockSize - (bytes.length % blockSize)) % blockSize)]);
}

const tar = (...entries: readonly Entry[]): Buffer =>
  Buffer.concat([...entries.map(tarEntry), Buffer.alloc(2 * blockSize)]);

async function place(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'whippet-unpack-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

/** What is said of these bytes as an archive, and the files that came out. */
async function unpacked(t: TestContext, bytes: Buffer, limits?: Parameters<typeof unpackModel>[2]) {
  const folder = await place(t);
  await writeFile(join(folder, 'model.tar.gz'), bytes);
  const problem = await unpackModel(join(folder, 'model.tar.gz'), join(folder, 'out'), limits);
  const outside = (await readdir(folder)).filter((name) => name !== 'model.tar.gz' && name !== 'out');
  assert.deepEqual(outside, [], 'nothing comes out elsewhere');
  return { problem, out: join(folder, 'out') };
}

test('what tar writes comes out as it went in', async (t) => {
  const folder = await place(t);
  const long = `${'long-'.repeat(30)}name.txt`;
  await mkdir(join(folder, 'model', 'code'), { recursive: true });
  await writeFile(join(folder, 'model', 'model.onnx'), Buffer.alloc(3_000_001, 7));
  await writeFile(join(folder, 'model', 'empty'), '');
  await writeFile(join(folder, 'model', 'code', long), 'long');
  for (const format of ['gnu', 'pax']) {
    const archive = join(folder, `${format}.tar.gz`);
    execFileSync('tar', ['-C', join(folder, 'model'), `--format=${format}`, '-czf', archive, '.']);
    const out = join(folder, format);
    assert.equal(await unpackModel(archive, out), undefined);
    assert.deepEqual((await readdir(out)).sort(), ['code', 'empty', 'model.onnx']);
    assert.deepEqual(await readFile(join(out, 'model.onnx')), Buffer.alloc(3_000_001, 7));
    assert.equal(await readFile(join(out, 'code', long), 'utf8'), 'long');
  }
});

test('hostile entries are refused', async (t) => {
  const cases: [Entry, RegExp][] = [
    [{ path: '../outside', content: 'x' }, /^it holds the path "\.\.\/outside"$/],
    [{ path: 'a/../../outside', content: 'x' }, /^it holds the path/],
    [{ path: '/tmp/outside', content: 'x' }, /^it holds the path "\/tmp\/outside"$/],
    [{ path: 'a\\..\\b', content: 'x' }, /^it holds the path/],
    [{ path: 'link', type: '2', link: '/etc' }, /^it holds a symbolic link, "link"$/],
    [{ path: 'link', type: '1', link: 'other' }, /^it holds a hard link, "link"$/],
    [{ path: 'null', type: '3' }, /^it holds a device, "null"$/],
    [{ path: 'pipe', type: '6' }, /^it holds a pipe, "pipe"$/],
    [{ path: 'x', type: 'Z' }, /^it holds an entry of an unknown kind, "x"$/],
    [{ path: './', content: 'x' }, /^it holds a file without a name$/],
    [{ path: 'folder', type: '5', content: 'x' }, /^it holds a folder with content/],
  ];
  for (const [entry, problem] of cases) {
    assert.match((await unpacked(t, gzipSync(tar(entry)))).problem ?? '', problem);
  }
  const twice = tar({ path: 'a', content: '1' }, { path: './a', content: '2' });
  assert.equal((await unpacked(t, gzipSync(twice))).problem, 'it holds the same path twice');
  const below = tar({ path: 'a', content: '1' }, { path: 'a/b', content: '2' });
  assert.equal((await unpacked(t, gzipSync(below))).problem, 'it holds the same path twice');
  const long = tar(
    { path: 'x', type: 'L', content: Array(30).fill('x'.repeat(250)).join('/') },
    { path: 'x', content: 'x' },
  );
  assert.equal((await unpacked(t, gzipSync(long))).problem, 'it holds a path that is too long');
  const climbing = Buffer.from('19 path=../outside\n');
  const pax = tar({ path: 'x', type: 'x', content: climbing }, { path: 'harmless', content: 'x' });
  assert.match((await unpacked(t, gzipSync(pax))).problem ?? '', /^it holds the path "\.\.\/outside"$/);
});

test('a link that is there already is not written through', async (t) => {
  const folder = await place(t);
  await mkdir(join(folder, 'out'));
  await writeFile(join(folder, 'secret'), 'secret');
  await symlink(join(folder, 'secret'), join(folder, 'out', 'model.onnx'));
  await writeFile(join(folder, 'm.tar.gz'), gzipSync(tar({ path: 'model.onnx', content: 'changed' })));
  assert.equal(await unpackModel(join(folder, 'm.tar.gz'), join(folder, 'out')), 'it holds the same path twice');
  assert.equal(await readFile(join(folder, 'secret'), 'utf8'), 'secret');
});

test('bombs stop at the limits', async (t) => {
  const limits = { maxBytes: 1_000_000, maxEntries: 3 };
  const large = gzipSync(tar({ path: 'zeros', content: Buffer.alloc(2_000_000) }));
  assert.ok(large.length < 5_000);
  assert.equal((await unpacked(t, large, { limits })).problem, 'it unpacks to more than 1000000 bytes');
  const many = tar(...Array.from({ length: 4 }, (_, i) => ({ path: `${i}` })));
  assert.equal((await unpacked(t, gzipSync(many), { limits })).problem, 'it holds more than 3 entries');
  const trailing = Buffer.concat([tar({ path: 'a', content: '1' }), Buffer.alloc(2_000_000)]);
  assert.equal((await unpacked(t, gzipSync(trailing), { limits })).problem, 'it unpacks to more than 1000000 bytes');
  const header = tar({ path: 'x', type: 'x', size: 10_000_000 });
  assert.equal((await unpacked(t, gzipSync(header), { limits })).problem, 'it holds a path that is too long');
});

test('broken archives are told apart', async (t) => {
  const whole = gzipSync(
    tar({ path: 'model.onnx', content: Buffer.from(Array.from({ length: 9_000 }, (_, i) => i * i)) }),
  );
  const cases: [Buffer, RegExp][] = [
    [Buffer.alloc(0), /^it ends early$/],
    [Buffer.from('PK\x03\x04 no gzip'), /^it is not compressed by gzip, or damaged$/],
    [whole.subarray(0, whole.length / 2), /^it ends early$/],
    [Buffer.concat([whole.subarray(0, -8), Buffer.alloc(8)]), /^it is not compressed by gzip, or damaged$/],
    [gzipSync(Buffer.from('no tar'.repeat(200))), /^it is not a tar archive, or damaged$/],
    [gzipSync(Buffer.alloc(2 * blockSize)), /^it is empty$/],
    [gzipSync(tarEntry({ path: 'a', content: '1' })), /^it ends early$/],
    [gzipSync(tar({ path: 'x', type: 'x', content: '99 path=a\n' })), /^it holds a header that does not parse$/],
    [gzipSync(tar({ path: 'a', content: 'x', size: 5_000 })), /^it ends \d+ bytes early$/],
  ];
  for (const [bytes, problem] of cases) assert.match((await unpacked(t, bytes)).problem ?? '', problem);
  assert.equal((await unpacked(t, whole)).problem, undefined);
});

test('an unpacking that is stopped says so instead of blaming the archive', async (t) => {
  const folder = await place(t);
  await writeFile(join(folder, 'm.tar.gz'), gzipSync(tar({ path: 'a', content: 'x' })));
  const stopped = unpackModel(join(folder, 'm.tar.gz'), join(folder, 'out'), { signal: AbortSignal.abort() });
  await assert.rejects(stopped, { name: 'AbortError' });
});

test('headers without end are no archive, however well they compress', async (t) => {
  const limits = { maxBytes: 1 << 20, maxEntries: 4 };
  const more = Array.from({ length: 20 }, (): Entry => ({ path: 'more', type: 'x', content: '12 path=abc\n' }));
  const bytes = gzipSync(tar(...more, { path: 'model.onnx', content: 'model' }));
  assert.match((await unpacked(t, bytes, { limits })).problem ?? '', /more headers than entries need/);
});
