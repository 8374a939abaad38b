import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { writeArchive } from './archive.ts';
import { filesIn, openInside, readInside } from './inside.ts';

const run = promisify(execFile);

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'whippet-archive-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function archived(source: string, target: string): Promise<Buffer> {
  const files = (await filesIn(source)).map((file) => ({ ...file, folder: source }));
  await writeArchive(files.toReversed(), target);
  return readFile(target);
}

test('tar unpacks it: short and long names, names of other scripts, empty and large files, programs', async (t) => {
  const home = await folder(t);
  const source = join(home, 'source');
  const contents: Record<string, Buffer> = {
    'model.onnx': Buffer.alloc(3_000_000, 'weights'),
    'a/empty': Buffer.alloc(0),
    'a/block': Buffer.alloc(512, 1),
    [`${'folder/'.repeat(20)}file`]: Buffer.from('long'),
    [`${'x'.repeat(150)}/${'y'.repeat(150)}`]: Buffer.from('longer'),
    'größe/模型.txt': Buffer.from('über'),
  };
  for (const [path, bytes] of Object.entries(contents)) {
    await mkdir(join(source, path, '..'), { recursive: true });
    await writeFile(join(source, path), bytes);
  }
  await chmod(join(source, 'a/block'), 0o700);
  const bytes = await archived(source, join(home, 'a.tar.gz'));
  const out = join(home, 'out');
  await mkdir(out);
  await run('tar', ['-xzf', join(home, 'a.tar.gz'), '-C', out], { env: { LC_ALL: 'C.UTF-8', PATH: process.env.PATH } });
  for (const [path, expected] of Object.entries(contents))
    assert.deepEqual(await readFile(join(out, path)), expected, path);
  const { stdout } = await run('tar', ['-tvzf', join(home, 'a.tar.gz'), 'a/block', 'a/empty']);
  assert.match(stdout, /^-rwxr-xr-x 0\/0 +512 1970-01-01 .*a\/block$/m);
  assert.match(stdout, /^-rw-r--r-- 0\/0 +0 1970-01-01 .*a\/empty$/m);

  await utimes(join(source, 'model.onnx'), 1, 1);
  assert.deepEqual(await archived(source, join(home, 'b.tar.gz')), bytes, 'neither dates nor the order matter');
});

test('links lead nowhere: neither files, nor folders, nor the folder itself', async (t) => {
  const home = await folder(t);
  await mkdir(join(home, 'secret'));
  await writeFile(join(home, 'secret/key'), 'secret');
  const tree = join(home, 'tree');
  await mkdir(join(tree, 'model'), { recursive: true });
  await writeFile(join(tree, 'model/good'), 'good');
  await symlink(join(home, 'secret/key'), join(tree, 'model/link'));
  await symlink(join(home, 'secret'), join(tree, 'model/folder'));
  await symlink(join(home, 'secret'), join(tree, 'output'));
  await run('mkfifo', [join(tree, 'model/pipe')]);
  assert.deepEqual(
    (await filesIn(join(tree, 'model'))).map(({ path }) => path),
    ['good'],
  );
  assert.deepEqual(await filesIn(join(tree, 'output')), []);
  for (const path of ['model/link', 'model/folder/key', 'output/key', 'model/pipe', 'model', '../secret/key']) {
    assert.equal(await openInside(tree, path), undefined, path);
  }
  assert.equal(await readInside(tree, 'model/good', 2), 'go');
});

test('a link on the way to a folder leads nowhere either', async (t) => {
  const home = await folder(t);
  const foreign = join(home, 'other-job/opt/ml');
  await mkdir(join(foreign, 'output/data'), { recursive: true });
  await writeFile(join(foreign, 'output/data/secret'), 'secret');
  const own = join(home, 'job/opt');
  await mkdir(own, { recursive: true });
  await symlink(foreign, join(own, 'ml'));
  assert.deepEqual(await filesIn(join(own, 'ml/output/data')), []);
  assert.equal(await openInside(join(own, 'ml/output/data'), 'secret'), undefined);
  assert.equal(await readInside(join(own, 'ml'), 'output/data/secret', 6), undefined);
  assert.equal(await readInside(foreign, 'output/data/secret', 6), 'secret');
});

test('a folder may have many files, in folders or not, up to a limit that is named', async (t) => {
  const home = await realpath(await folder(t));
  await mkdir(join(home, 'model/a'), { recursive: true });
  for (const path of ['a/1', 'a/2', '3']) await writeFile(join(home, 'model', path), '');
  const found = await filesIn(join(home, 'model'), 4);
  assert.deepEqual(
    found.map(({ path }) => path),
    ['3', 'a/1', 'a/2'],
  );
  await assert.rejects(filesIn(join(home, 'model'), 3), {
    message: 'AlgorithmError: the folder model has more than 3 files and folders. Put them into an archive.',
  });
});
