import { readFile } from 'node:fs/promises';
import type { Backbone } from '../../../src/engine/backbone/backbone.ts';
import { encodeModel } from '../../../src/engine/onnx/model.ts';
import { openSession, type Tensor } from '../../../src/engine/onnx/session.ts';

export interface Reference {
  readonly pictures: { readonly sha256: readonly string[] };
  readonly networks: Readonly<
    Record<
      string,
      {
        readonly weightsSha256: string;
        readonly features: string;
        readonly v2Features?: string;
        readonly v2Crop?: string;
      }
    >
  >;
}

/** What make_reference.py wrote. */
export async function readReference(): Promise<Reference> {
  return JSON.parse(await readFile(new URL('reference.json', import.meta.url), 'utf8'));
}

export function floats(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);
}

/** Runs pictures of the backbone's size, RGB bytes one after the other. */
export async function runBackbone(
  { model, name, preprocessing: { size } }: Backbone,
  data: Uint8Array,
): Promise<{ features: Tensor<Float32Array>; map: Tensor<Float32Array> }> {
  const session = await openSession(encodeModel(model), { threads: 1, source: name });
  try {
    const outputs = await session.run({ pixels: { dims: [data.length / (size * size * 3), size, size, 3], data } });
    return outputs as { features: Tensor<Float32Array>; map: Tensor<Float32Array> };
  } finally {
    await session.release();
  }
}

/** ‖actual − expected‖ ÷ ‖expected‖, and the largest difference ÷ the largest value. */
export function relativeErrors(actual: Float32Array, expected: Float32Array): { norm: number; largest: number } {
  if (actual.length !== expected.length) throw new Error(`${actual.length} values instead of ${expected.length}`);
  let [squares, differences, most, worst] = [0, 0, 0, 0];
  for (const [at, value] of expected.entries()) {
    const difference = actual[at]! - value;
    squares += value * value;
    differences += difference * difference;
    most = Math.max(most, Math.abs(value));
    worst = Math.max(worst, Math.abs(difference));
  }
  return { norm: Math.sqrt(differences / squares), largest: worst / most };
}
