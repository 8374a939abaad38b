import { createHash } from 'node:crypto';
import type { Preprocessing } from '../image/picture.ts';
import { encodeModel, type OnnxModel } from '../onnx/model.ts';

/**
 * A frozen feature extractor in canonical form: one ONNX graph with the input `pixels` (uint8 [N, size, size, 3], RGB) and the outputs
 * `features` (float32 [N, dimension]) and, where the backbone pools globally, `map` (float32 [N, dimension, h, w] with
 * mean over h and w = features, up to rounding). Normalisation happens inside.
 */
export interface Backbone {
  /** As the user names it: `resnet50:v1`, `onnx:mobilenet_v2`, `scatter`. */
  readonly name: string;
  readonly model: OnnxModel;
  /** SHA-256 of the encoded model, hex: the key of the feature cache. */
  readonly digest: string;
  readonly dimension: number;
  readonly hasMap: boolean;
  readonly preprocessing: Preprocessing;
  /** Where the preprocessing comes from, for people: "the flags (resize) and the default". */
  readonly preprocessingFrom?: string;
  /** For the report and the model card: what it was trained on, by whom, under which licence. */
  readonly pretrainedOn: string;
  /** The weights file it was built from, where there was one. */
  readonly weights?: WeightsFacts;
}

export interface WeightsFacts {
  /** URL, or the path that `--weights` gave. */
  readonly source: string;
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Names of tensors in every graph of ours. */
export const tensorNames = { pixels: 'pixels', features: 'features', map: 'map', logits: 'logits' } as const;

/** SHA-256 of the model as it is written to a file, hex. */
export function digestOf(model: OnnxModel): string {
  return createHash('sha256').update(encodeModel(model)).digest('hex');
}
