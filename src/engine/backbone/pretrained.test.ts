import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../../random/index.ts';
import { encodeModel } from '../onnx/model.ts';
import { openSession, type Tensor } from '../onnx/session.ts';
import { onnxBackbone } from './onnx-file.ts';
import { imagenetMean, imagenetStd } from './preprocessing.ts';

const weights = fileURLToPath(new URL('../../../../shared/data/weights/', import.meta.url));
const skip = existsSync(weights) ? false : `no pretrained models in ${weights}`;

const models = [
  { file: 'mobilenet_v2_1.0_224-imagenet1k-deq-tf2ptq.onnx', size: 224, dimension: 1280, side: 7 },
  { file: 'squeezenet1_1-imagenet1k.onnx', size: 224, dimension: 512, side: 13 },
  { file: 'mobilenet_v1_0.25_128-imagenet1k-deq.onnx', size: 128, dimension: 256, side: 4 },
];

function normalised(pixels: Uint8Array, size: number): Float32Array {
  const planes = new Float32Array(pixels.length);
  const area = size * size;
  for (let at = 0; at < pixels.length; at++) {
    const channel = at % 3;
    planes[channel * area + (at - channel) / 3] = (pixels[at]! / 255 - imagenetMean[channel]!) / imagenetStd[channel]!;
  }
  return planes;
}

for (const { file, size, dimension, side } of models) {
  test(`${file} gives the features that the file itself gives`, { skip }, async () => {
    const random = seededRandom(file);
    const pixels = Uint8Array.from({ length: size * size * 3 }, () => random.integer(256));
    const backbone = await onnxBackbone(`${weights}${file}`);
    assert.deepEqual(
      { ...backbone.preprocessing, dimension: backbone.dimension, hasMap: backbone.hasMap },
      {
        size,
        resize: Math.round((size * 256) / 224),
        interpolation: 'bilinear',
        mean: imagenetMean,
        std: imagenetStd,
        dimension,
        hasMap: true,
      },
    );
    const options = { threads: 1, source: file };
    const original = await openSession(await readFile(`${weights}${file}`), options);
    const ours = await openSession(encodeModel(backbone.model), options);
    const expected = await original.run({ input: { dims: [1, 3, size, size], data: normalised(pixels, size) } });
    const { features, map } = (await ours.run({ pixels: { dims: [1, size, size, 3], data: pixels } })) as Record<
      string,
      Tensor<Float32Array>
    >;
    await Promise.all([original.release(), ours.release()]);
    assert.deepEqual(map!.dims, [1, dimension, side, side]);
    const reference = expected.features!.data as Float32Array;
    assert.equal(features!.data.length, dimension);
    const scale = reference.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    for (const [at, one] of features!.data.entries()) assert.ok(Math.abs(one - reference[at]!) < 1e-4 * scale);
  });
}

test('the same file gives the same digest', { skip }, async () => {
  const path = `${weights}${models[2]!.file}`;
  assert.equal((await onnxBackbone(path)).digest, (await onnxBackbone(path)).digest);
});
