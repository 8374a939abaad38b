/** A data set of small noise pictures and a backbone whose features can be computed by hand. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import { seededRandom } from '../../../random/index.ts';
import { tensorNames } from '../../backbone/backbone.ts';
import type { Sample } from '../../dataset/dataset.ts';
import type { Preprocessing } from '../../image/picture.ts';
import { encodeModel, graph, integers, model, node, tensor, value } from '../../onnx/model.ts';
import type { ExtractionBackbone, ExtractionOptions } from '../features.ts';

export const side = 16;
export const dimension = 12;
const preprocessing: Preprocessing = {
  size: side,
  resize: side,
  interpolation: 'bilinear',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

/** A directory that goes with the test. */
export function temporaryDirectory(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'whippet-features-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** RGB bytes of picture `seed`. */
export function pixelsOf(seed: number): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from({ length: side * side * 3 }, () => random.integer(256));
}

/** A PNG of `side × side` pixels, which passes the decoder unchanged. */
export function encodePng(pixels: Uint8Array): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  // Each row begins with the number of its filter: none.
  const rows = Buffer.alloc(side * (side * 3 + 1));
  for (let y = 0; y < side; y++) rows.set(pixels.subarray(y * side * 3, (y + 1) * side * 3), y * (side * 3 + 1) + 1);
  const image = chunk('IDAT', deflateSync(rows, { level: 1 }));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    image,
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export function sampleOf(root: string, name: string): Sample {
  const path = join(root, name);
  const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
  return { path, name, digest, label: 0, split: 'train' };
}

/** Writes picture `seed` to `root/name`. */
export function drawPicture(root: string, name: string, seed: number): Sample {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), encodePng(pixelsOf(seed)));
  return sampleOf(root, name);
}

export function writeFile(root: string, name: string, bytes: string | Uint8Array): Sample {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), bytes);
  return sampleOf(root, name);
}

export function copyPicture(sample: Sample, root: string, name: string): Sample {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  copyFileSync(sample.path, join(root, name));
  return sampleOf(root, name);
}

export function drawPictures(root: string, count: number): Sample[] {
  return Array.from({ length: count }, (_, seed) => drawPicture(root, `class/${seed}.png`, seed));
}

/** What `drawPictures` has drawn before. */
export function drawnSamples(root: string, count: number): Sample[] {
  return Array.from({ length: count }, (_, seed) => sampleOf(root, `class/${seed}.png`));
}

function weightsOf(seed: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(seed);
  return Float32Array.from({ length: side * side * 3 * dimension }, () => random.integer(7) - 3);
}

export type FileBackbone = ExtractionBackbone & { readonly modelFile: string };
export type FileOptions = ExtractionOptions & { readonly backbone: FileBackbone };

/** features = pixels · W with small whole numbers, so that sums are exact in float32 in any order. */
export function writeBackbone(directory: string, seed = 1): FileBackbone {
  const size = side * side * 3;
  const bytes = encodeModel(
    model(
      graph('test', {
        nodes: [
          node('Cast', [tensorNames.pixels], ['cast'], { to: { int: 1 } }),
          node('Reshape', ['cast', 'shape'], ['flat']),
          node('MatMul', ['flat', 'weights'], [tensorNames.features]),
        ],
        initializers: [integers('shape', [-1, size]), tensor('weights', [size, dimension], weightsOf(seed))],
        inputs: [value(tensorNames.pixels, 'uint8', ['N', side, side, 3])],
        outputs: [value(tensorNames.features, 'float32', ['N', dimension])],
      }),
    ),
  );
  const modelFile = join(directory, `backbone-${seed}.onnx`);
  writeFileSync(modelFile, bytes);
  return { modelFile, dimension, preprocessing, digest: createHash('sha256').update(bytes).digest('hex') };
}

/** What the backbone gives for picture `seed`, computed by hand; `mirrored` for the view `flip`. */
export function expectedFeatures(seed: number, { mirrored = false, backbone = 1 } = {}): Float32Array {
  const pixels = pixelsOf(seed);
  const weights = weightsOf(backbone);
  const features = new Float32Array(dimension);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const from = (y * side + (mirrored ? side - 1 - x : x)) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const at = ((y * side + x) * 3 + channel) * dimension;
        for (let d = 0; d < dimension; d++) features[d]! += pixels[from + channel]! * weights[at + d]!;
      }
    }
  }
  return features;
}

/** One worker, one central view and a cache below `directory`. */
export function optionsIn(directory: string, more: Partial<FileOptions> = {}): FileOptions {
  return {
    backbone: more.backbone ?? writeBackbone(directory),
    views: [{ kind: 'center' }],
    workers: 1,
    cacheDirectory: join(directory, 'cache'),
    ...more,
  };
}

/** Row `row` of features as a plain array, for messages that can be read. */
export function rowOf({ data }: { data: Float32Array }, row: number): number[] {
  return [...data.subarray(row * dimension, (row + 1) * dimension)];
}
