/**
 * How often a prediction flips between Pillow's pictures and ours, on real photos:
 *
 *     python make_crops.py PHOTOS OUT
 *     node compare.ts PHOTOS OUT MODEL.onnx [LOGITS]
 *
 * MODEL's own scores (tensor LOGITS, by default "logits") decide what a prediction is. docs/backbones.md has the figures.
 */
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onnxBackbone } from '../../../src/engine/backbone/onnx-file.ts';
import { decodePicture } from '../../../src/engine/image/decode.ts';
import { encodeModel } from '../../../src/engine/onnx/model.ts';
import { openSession } from '../../../src/engine/onnx/session.ts';

const [photos, out, modelFile, logits = 'logits'] = process.argv.slice(2);
if (photos === undefined || out === undefined || modelFile === undefined) {
  throw new Error('node compare.ts PHOTOS OUT MODEL.onnx [LOGITS]');
}

interface Crops {
  readonly resize: number;
  readonly size: number;
  readonly names: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
}

const { resize, size, names, versions }: Crops = JSON.parse(await readFile(join(out, 'crops.json'), 'utf8'));
const backbone = await onnxBackbone(modelFile, { features: logits, preprocessing: { size, resize } });
const session = await openSession(encodeModel(backbone.model), { threads: 1, source: modelFile });
const crops = await open(join(out, 'crops.bin'));
const length = size * size * 3;

const argmax = (scores: Float32Array): number => scores.indexOf(Math.max(...scores));

const total = { pixels: 0, differing: 0, sum: 0, worst: 0, identical: 0, flipped: [] as string[], scoreError: 0 };
for (const [at, name] of names.entries()) {
  const theirs = new Uint8Array(length);
  await crops.read(theirs, 0, length, at * length);
  const picture = await decodePicture(await readFile(join(photos, name)), {
    source: name,
    preprocessing: backbone.preprocessing,
    views: [{ kind: 'center' }],
    digest: '',
  });
  const ours = picture.views[0]!;
  let differing = 0;
  for (let pixel = 0; pixel < length; pixel++) {
    const difference = Math.abs(ours[pixel]! - theirs[pixel]!);
    if (difference === 0) continue;
    differing++;
    total.sum += difference;
    total.worst = Math.max(total.worst, difference);
  }
  total.pixels += length;
  total.differing += differing;
  if (differing === 0) total.identical++;
  const { features } = await session.run({ pixels: { dims: [2, size, size, 3], data: Buffer.concat([ours, theirs]) } });
  const scores = features!.data as Float32Array;
  const [mine, other] = [scores.subarray(0, backbone.dimension), scores.subarray(backbone.dimension)];
  if (argmax(mine) !== argmax(other)) total.flipped.push(name);
  for (const [index, score] of mine.entries())
    total.scoreError = Math.max(total.scoreError, Math.abs(score - other[index]!));
}
await crops.close();
await session.release();

process.stdout.write(
  `${JSON.stringify(
    {
      model: backbone.name,
      versions,
      photos: names.length,
      identicalPhotos: total.identical,
      differingValues: total.differing / total.pixels,
      meanDifference: total.sum / total.pixels,
      largestDifference: total.worst,
      largestScoreDifference: total.scoreError,
      flippedPredictions: total.flipped.length,
      flippedShare: total.flipped.length / names.length,
      flipped: total.flipped,
    },
    null,
    2,
  )}\n`,
);
