import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** The formulas of make_reference.py: weights and pictures that need no download and are the same in both languages. */

export type GeneratedDepth = 18 | 34 | 50 | 101 | 152;

const blocksOf: Readonly<Record<GeneratedDepth, readonly number[]>> = {
  18: [2, 2, 2, 2],
  34: [3, 4, 6, 3],
  50: [3, 4, 6, 3],
  101: [3, 4, 23, 3],
  152: [3, 8, 36, 3],
};

interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** FNV-1a. Names are ASCII. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** lowbias32 (Chris Wellons): an integer hash whose every output bit depends on every input bit. */
function lowbias32(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

function uniform(name: string, count: number, [low, high]: readonly [number, number]): Float32Array {
  const seed = fnv1a(name);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = low + (high - low) * (lowbias32(seed + i) / 4294967296);
  return values;
}

function rangeOf({ name, shape }: NamedShape): readonly [number, number] {
  if (shape.length === 4) {
    const bound = Math.sqrt(6 / (shape[1]! * shape[2]! * shape[3]!));
    return [-bound, bound];
  }
  if (name.startsWith('fc.')) return [-0.02, 0.02];
  if (name.endsWith('running_mean')) return [-0.1, 0.1];
  if (name.endsWith('running_var')) return [0.6, 1.4];
  return name.endsWith('bias') ? [-0.2, 0.2] : [0.8, 1.2];
}

/** One tensor of a network: He-like convolutions, batch norms near the identity, the last one of a block scaled by 0.3. */
function generate(tensor: NamedShape, depth: GeneratedDepth): Float32Array {
  const count = tensor.shape.reduce((product, side) => product * side, 1);
  const values = uniform(tensor.name, count, rangeOf(tensor));
  const third = Math.fround(0.3);
  if (tensor.name.endsWith(depth < 50 ? '.bn2.weight' : '.bn3.weight')) {
    for (let i = 0; i < count; i++) values[i]! *= third;
  }
  return values;
}

function norm(name: string, channels: number): NamedShape[] {
  return ['weight', 'bias', 'running_mean', 'running_var'].map((key) => ({
    name: `${name}.${key}`,
    shape: [channels],
  }));
}

function convolution(name: string, shape: readonly number[]): NamedShape[] {
  const normName = name.endsWith('downsample.0') ? name.replace(/0$/, '1') : name.replace(/conv(\d)$/, 'bn$1');
  return [{ name: `${name}.weight`, shape }, ...norm(normName, shape[0]!)];
}

/** Names and shapes in the order of torchvision's `state_dict()`, without the counters. */
export function resnetTensors(depth: GeneratedDepth): NamedShape[] {
  const expansion = depth < 50 ? 1 : 4;
  const tensors = convolution('conv1', [64, 3, 7, 7]);
  let channels = 64;
  for (const [stage, count] of blocksOf[depth].entries()) {
    const width = 64 * 2 ** stage;
    const outputs = width * expansion;
    for (let index = 0; index < count; index++) {
      const prefix = `layer${stage + 1}.${index}`;
      const shapes =
        depth < 50
          ? [
              [width, channels, 3, 3],
              [width, width, 3, 3],
            ]
          : [
              [width, channels, 1, 1],
              [width, width, 3, 3],
              [outputs, width, 1, 1],
            ];
      for (const [at, shape] of shapes.entries()) tensors.push(...convolution(`${prefix}.conv${at + 1}`, shape));
      if (index === 0 && (stage > 0 || channels !== outputs)) {
        tensors.push(...convolution(`${prefix}.downsample.0`, [outputs, channels, 1, 1]));
      }
      channels = outputs;
    }
  }
  return [...tensors, { name: 'fc.weight', shape: [1000, channels] }, { name: 'fc.bias', shape: [1000] }];
}

/**
 * Writes generated weights of a ResNet as safetensors under torchvision's names (98 MB for ResNet-50). Activations stay sane: no
 * denormals, no growth beyond a few dozens. Returns the SHA-256 over all values in torchvision's order.
 */
export async function generatedResnetWeights(depth: GeneratedDepth, path: string): Promise<string> {
  const tensors = resnetTensors(depth);
  const header: Record<string, { dtype: 'F32'; shape: readonly number[]; data_offsets: readonly [number, number] }> =
    {};
  let at = 0;
  for (const { name, shape } of tensors) {
    const end = at + 4 * shape.reduce((product, side) => product * side, 1);
    header[name] = { dtype: 'F32', shape, data_offsets: [at, end] };
    at = end;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  const digest = createHash('sha256');
  const file = await open(path, 'w');
  try {
    await file.writeFile(length);
    await file.writeFile(text);
    for (const tensor of tensors) {
      const values = generate(tensor, depth);
      const bytes = new Uint8Array(values.buffer);
      digest.update(bytes);
      await file.writeFile(bytes);
    }
  } finally {
    await file.close();
  }
  return digest.digest('hex');
}

/** 0…255…0 with a period of 512; never asked for a negative. */
function triangle(value: number): number {
  const folded = value % 512;
  return folded < 256 ? folded : 511 - folded;
}

/** RGB bytes [height, width, 3]: slow waves and a little noise, in integers only. */
export function generatedPicture(seed: number, width: number, height: number): Uint8Array {
  const pixels = new Uint8Array(width * height * 3);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        const slow = triangle(2 * x + y + 90 * c + 31 * seed);
        const wavy = triangle(3 * y - 2 * x + Math.floor((x * y) / 64) + 170 * c + 1024);
        pixels[at] = Math.floor((slow * 5 + wavy * 2) / 8) + (lowbias32(seed + at) >>> 28);
        at++;
      }
    }
  }
  return pixels;
}
