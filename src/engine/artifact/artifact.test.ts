import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import * as tar from 'tar';
import { canonicalJson, sha256 } from './canonical-json.ts';
import type { Manifest } from './manifest.ts';
import { openArtifact } from './open.ts';
import { type ArtifactParts, sealManifest, type UnsealedManifest, writeArtifact } from './write.ts';

const unsealed: UnsealedManifest = {
  labels: ['Akita', 'Beagle'],
  backbone: { name: 'test', digest: 'd', dimension: 4, hasMap: false, pretrainedOn: 'nothing' },
  preprocessing: { size: 8, resize: 8, interpolation: 'bilinear', mean: [0, 0, 0], std: [1, 1, 1] },
  head: [4, 2],
  temperature: 1,
  novelty: { method: 'test', quantiles: [] },
  hyperparameters: { epochs: 1 },
  data: { digests: {}, counts: {} },
  versions: { whippet: '0', node: '0', onnxruntime: '0', sharp: '0', platform: 'test' },
};
const files = { 'model.onnx': Uint8Array.of(1, 2, 3, 4), 'metrics.json': '{}' };
const parts: ArtifactParts = {
  manifest: sealManifest(unsealed, files),
  files,
  unlisted: { 'timings.json': '{"seconds":1}', 'report.html': '<p>' },
};

describe('the artifact', () => {
  let root: string;
  let folder: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'whippet-artifact-'));
  });
  after(() => rm(root, { recursive: true }));
  beforeEach(async () => {
    folder = join(await mkdtemp(join(root, 'case-')), 'model');
    await writeArtifact(folder, parts);
  });

  it('opens from the folder and from the archive with the same manifest, and leaves nothing behind', async () => {
    const opened = await openArtifact(folder);
    const packed = await openArtifact(`${folder}.tar.gz`);
    assert.deepEqual(packed.manifest, opened.manifest);
    assert.deepEqual(await readFile(packed.file('model.onnx') as string), Buffer.from([1, 2, 3, 4]));
    assert.deepEqual((await readdir(packed.folder)).sort(), [
      'metrics.json',
      'model.onnx',
      'timings.json',
      'whippet.json',
    ]);
    await packed.close();
    await assert.rejects(readdir(packed.folder));
    assert.deepEqual((await readdir(join(folder, '..'))).sort(), ['model', 'model.tar.gz']);
  });

  it('is byte-equal when written twice', async () => {
    const first = await readFile(`${folder}.tar.gz`);
    await writeArtifact(folder, parts);
    assert.deepEqual(await readFile(`${folder}.tar.gz`), first);
  });

  it('never overwrites a folder that is not a model', async () => {
    const other = join(root, 'photos');
    await mkdir(other);
    await writeFile(join(other, 'precious.txt'), 'x');
    await assert.rejects(writeArtifact(other, parts), { code: 'WHIPPET_ARTIFACT_EXISTS' });
    assert.deepEqual(await readdir(other), ['precious.txt']);
  });

  it('is refused when a file was changed, cut short, removed, or the manifest edited', async () => {
    await writeFile(join(folder, 'model.onnx'), Uint8Array.of(1, 2, 3, 5));
    await assert.rejects(openArtifact(folder), { code: 'WHIPPET_ARTIFACT_TAMPERED', message: /model\.onnx.*SHA-256/ });
    await truncate(join(folder, 'model.onnx'), 2);
    await assert.rejects(openArtifact(folder), {
      code: 'WHIPPET_ARTIFACT_TAMPERED',
      message: /4 bytes, found 2 bytes/,
    });
    await rm(join(folder, 'model.onnx'));
    await assert.rejects(openArtifact(folder), { code: 'WHIPPET_ARTIFACT_TAMPERED', message: /no file/ });
    await writeArtifact(folder, parts);
    const path = join(folder, 'whippet.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('Akita', 'Azawakh'));
    await assert.rejects(openArtifact(folder), { code: 'WHIPPET_ARTIFACT_TAMPERED', message: /whippet\.json/ });
  });

  it('is refused when the archive was cut short or continued', async () => {
    const archive = `${folder}.tar.gz`;
    const whole = await readFile(archive);
    for (const length of [0, 1, 10, Math.floor(whole.length / 2), whole.length - 9]) {
      await writeFile(archive, whole.subarray(0, length));
      await assert.rejects(openArtifact(archive), { name: 'WhippetError' }, `cut to ${length} bytes`);
    }
    await writeFile(archive, whole);
    await appendFile(archive, 'junk');
    await openArtifact(archive).then(
      (opened) => opened.close(),
      (error) => assert.equal(error.name, 'WhippetError'),
    );
  });

  it('refuses newer formats, foreign folders and malformed manifests by name', async () => {
    await assert.rejects(openArtifact(root), { code: 'WHIPPET_ARTIFACT_NOT_FOUND' });
    await assert.rejects(openArtifact(join(root, 'absent')), { code: 'WHIPPET_ARTIFACT_NOT_FOUND' });
    const path = join(folder, 'whippet.json');
    const manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest;
    const rewrite = async (changed: object): Promise<void> => {
      const { digest: _, ...unsigned } = { ...manifest, ...changed } as Manifest;
      await writeFile(path, JSON.stringify({ ...unsigned, digest: sha256(canonicalJson(unsigned)) }));
    };
    await rewrite({ format: 2 });
    await assert.rejects(openArtifact(folder), { code: 'WHIPPET_ARTIFACT_NEWER' });
    const bad: [object, RegExp][] = [
      [{ labels: 'Akita' }, /labels/],
      [{ labels: ['a', 'b', 'c'] }, /differ in the number of classes/],
      [{ temperature: 0 }, /temperature/],
      [{ preprocessing: { size: 1e9 } }, /preprocessing\.size/],
      [{ files: { 'model.onnx': { sha256: '', bytes: 1 }, '../evil': { sha256: '', bytes: 1 } } }, /the path/],
    ];
    for (const [change, message] of bad) {
      await rewrite(change);
      await assert.rejects(openArtifact(folder), { code: 'WHIPPET_ARTIFACT_MALFORMED', message });
    }
    await writeFile(path, '{"format": 1');
    await assert.rejects(openArtifact(folder), { code: 'WHIPPET_ARTIFACT_MALFORMED', message: /not JSON/ });
  });

  it('refuses archives with links, folders or climbing paths, and writes nothing of them', async () => {
    const source = await mkdtemp(join(root, 'evil-'));
    const { symlink } = await import('node:fs/promises');
    await symlink('/etc/passwd', join(source, 'model.onnx'));
    await mkdir(join(source, 'sub'));
    await writeFile(join(source, 'sub', 'x'), 'x');
    for (const entry of ['model.onnx', 'sub']) {
      const archive = join(root, `${entry}.tar.gz`);
      await tar.create({ cwd: source, file: archive, gzip: true }, [entry]);
      await assert.rejects(openArtifact(archive), { code: 'WHIPPET_ARTIFACT_MALFORMED' }, entry);
    }
    const climbing = join(root, 'climb.tar.gz');
    await tar.create({ cwd: join(source, 'sub'), file: climbing, gzip: true, preservePaths: true }, ['../sub/x']);
    await assert.rejects(openArtifact(climbing), { code: 'WHIPPET_ARTIFACT_MALFORMED', message: /path/ });
  });
});
