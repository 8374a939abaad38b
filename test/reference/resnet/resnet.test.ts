import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Backbone } from '../../../src/engine/backbone/backbone.ts';
import { loadBackbone } from '../../../src/engine/backbone/load.ts';
import { decodePicture } from '../../../src/engine/image/decode.ts';
import { floats, type Reference, readReference, relativeErrors, runBackbone } from './compare.ts';
import { type GeneratedDepth, generatedPicture, generatedResnetWeights } from './generated.ts';
import { encodePng } from './png.ts';

let folder: string;
let reference: Reference;
const files = new Map<number, string>();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whippet-resnet-'));
  reference = await readReference();
});
after(() => rm(folder, { recursive: true }));

async function weightsOf(depth: GeneratedDepth): Promise<string> {
  const path = files.get(depth) ?? join(folder, `resnet${depth}.safetensors`);
  if (!files.has(depth)) {
    const digest = await generatedResnetWeights(depth, path);
    const expected = reference.networks[`resnet${depth}`]?.weightsSha256;
    if (expected !== undefined) assert.equal(digest, expected, 'the formula gives other weights than in Python');
    files.set(depth, path);
  }
  return path;
}

const load = (spec: string, weightsFile: string): Promise<Backbone> =>
  loadBackbone(spec, { weightsFile, cacheDirectory: folder });

test('pictures made by formula are those that Python made', () => {
  const sizes: [number, number, number][] = [
    [1, 224, 224],
    [2, 224, 224],
    [3, 500, 375],
  ];
  const digests = sizes.map((picture) =>
    createHash('sha256')
      .update(generatedPicture(...picture))
      .digest('hex'),
  );
  assert.deepEqual(digests, reference.pictures.sha256);
});

const pictures = (): Uint8Array => Buffer.concat([generatedPicture(1, 224, 224), generatedPicture(2, 224, 224)]);

function assertClose(actual: Float32Array, expected: Float32Array, tolerance: number): void {
  const errors = relativeErrors(actual, expected);
  assert.ok(errors.norm < tolerance && errors.largest < tolerance, JSON.stringify(errors));
}

test("resnet18 gives torchvision's features within 1e-4; they are the means of the map", async () => {
  const backbone = await load('resnet18', await weightsOf(18));
  const { resize, size, interpolation } = backbone.preprocessing;
  assert.deepEqual({ resize, size, interpolation }, { resize: 256, size: 224, interpolation: 'bilinear' });
  const { features, map } = await runBackbone(backbone, pictures());
  assertClose(features.data, floats(reference.networks.resnet18!.features), 1e-4);
  assert.deepEqual(map.dims, [2, 512, 7, 7]);
  const means = features.data.map((_, at) => map.data.subarray(at * 49, (at + 1) * 49).reduce((a, b) => a + b) / 49);
  assertClose(features.data, means, 1e-6);
});

test("resnet50 gives torchvision's features within 1e-4, also through V2's preprocessing (resize 232, crop 224)", async () => {
  const { features: expected, v2Features, v2Crop } = reference.networks.resnet50!;
  const backbone = await load('resnet50:v2', await weightsOf(50));
  const { views } = await decodePicture(encodePng(generatedPicture(3, 500, 375), 500, 375), {
    source: 'generated.png',
    preprocessing: backbone.preprocessing,
    views: [{ kind: 'center' }],
    digest: '',
  });
  for (const [at, level] of Buffer.from(v2Crop!, 'base64').entries()) {
    const [row, column, channel] = [Math.floor(at / 42) * 16, (Math.floor(at / 3) % 14) * 16, at % 3];
    assert.equal(views[0]![(row * 224 + column) * 3 + channel], level, `pixel (${column}, ${row})`);
  }
  const { features } = await runBackbone(backbone, Buffer.concat([pictures(), views[0]!]));
  assertClose(features.data.subarray(0, 2 * 2048), floats(expected), 1e-4);
  assertClose(features.data.subarray(2 * 2048), floats(v2Features!), 1e-4);
});

test('the size may be one’s own; resize follows', async () => {
  const weightsFile = await weightsOf(18);
  const backbone = await loadBackbone('resnet18', {
    weightsFile,
    cacheDirectory: folder,
    preprocessing: { size: 160 },
  });
  assert.equal(backbone.preprocessing.resize, 183);
  const { map } = await runBackbone(backbone, generatedPicture(1, 160, 160));
  assert.deepEqual(map.dims, [1, 512, 5, 5]);
  const { size } = await stat(weightsFile);
  assert.equal(backbone.weights?.bytes, size);
  assert.equal(
    backbone.weights?.sha256,
    createHash('sha256')
      .update(await readFile(weightsFile))
      .digest('hex'),
  );
});

test('weights of another network are refused, also where the names of the shallower one are all there', async () => {
  const code = 'WHIPPET_BACKBONE_WEIGHTS_MISMATCH';
  const deeper = await weightsOf(34);
  await assert.rejects(load('resnet18', deeper), { code, message: /layer\d\.\d.*that the network has not/ });
  const weights18 = await weightsOf(18);
  await assert.rejects(load('resnet34', weights18), { code, message: /layer1\.2\.conv1\.weight is missing/ });
  await assert.rejects(load('resnet50', weights18), {
    code,
    message: /is \[64, 64, 3, 3\] instead of \[64, 64, 1, 1\]/,
  });
});

test('damaged and absent weights are refused', async () => {
  const path = join(folder, 'damaged.safetensors');
  const whole = await readFile(await weightsOf(18));
  await writeFile(path, whole.subarray(0, whole.length - 1000));
  await assert.rejects(load('resnet18', path), { code: 'WHIPPET_BACKBONE_WEIGHTS_MALFORMED', message: /cut short/ });
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc(64, 0x20), 0, 64, 0);
  await file.close();
  await assert.rejects(load('resnet18', path), { code: 'WHIPPET_BACKBONE_WEIGHTS_MALFORMED' });
  await assert.rejects(load('resnet18', join(folder, 'none')), { code: 'WHIPPET_BACKBONE_FILE' });
});

test('options that mean nothing to a backbone are refused', async () => {
  const code = 'WHIPPET_BACKBONE_OPTION';
  const cacheDirectory = folder;
  await assert.rejects(loadBackbone('resnet18', { cacheDirectory, features: 'x' }), { code });
  await assert.rejects(loadBackbone('scatter', { cacheDirectory, weightsFile: 'x' }), { code });
  await assert.rejects(loadBackbone('onnx:x', { cacheDirectory, weightsFile: 'x' }), { code });
  await assert.rejects(loadBackbone('scatter', { cacheDirectory, preprocessing: { size: 64 } }), { code });
  assert.equal((await loadBackbone('scatter', { cacheDirectory, preprocessing: { size: undefined } })).name, 'scatter');
});
