import type { Preprocessing } from '../image/picture.ts';
import type { OnnxModel } from '../onnx/model.ts';

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
  /** For the report and the model card: what it was trained on, by whom, under which licence. */
  readonly pretrainedOn: string;
}

/** Names of tensors in every graph of ours. */
export const tensorNames = { pixels: 'pixels', features: 'features', map: 'map', logits: 'logits' } as const;
