import type { Preprocessing } from '../image/picture.ts';
import { elementTypes, node, type OnnxNode, type OnnxTensor, tensor } from '../onnx/model.ts';
import { tensorNames } from './backbone.ts';

export interface NormalisedPixels {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
}

export interface NormalisationOptions {
  /** Name of the tensor to produce. */
  readonly output: string;
  readonly layout: 'NCHW' | 'NHWC';
  readonly elementType: 'float32' | 'float16';
}

/**
 * The nodes from `pixels` (uint8 [N, size, size, 3]) to what a network was trained on: (pixel ÷ 255 − mean) ÷ std by channel, as one
 * multiplication and one addition. Valid from opset 7 on (numpy-style broadcasting).
 */
export function normalisePixels(
  { mean, std }: Pick<Preprocessing, 'mean' | 'std'>,
  { output, layout, elementType }: NormalisationOptions,
): NormalisedPixels {
  const inner = (name: string): string => `pixels/${name}`;
  const dims = layout === 'NCHW' ? [1, 3, 1, 1] : [1, 1, 1, 3];
  const scaled = elementType === 'float32' ? output : inner('normalised');
  const nodes = [node('Cast', [tensorNames.pixels], [inner('float')], { to: { int: elementTypes.float32 } })];
  if (layout === 'NCHW')
    nodes.push(node('Transpose', [inner('float')], [inner('planes')], { perm: { ints: [0, 3, 1, 2] } }));
  nodes.push(
    node('Mul', [layout === 'NCHW' ? inner('planes') : inner('float'), inner('scale')], [inner('scaled')]),
    node('Add', [inner('scaled'), inner('shift')], [scaled]),
  );
  if (elementType === 'float16') nodes.push(node('Cast', [scaled], [output], { to: { int: elementTypes.float16 } }));
  return {
    nodes,
    initializers: [
      tensor(
        inner('scale'),
        dims,
        Float32Array.from(std, (deviation) => 1 / (255 * deviation)),
      ),
      tensor(
        inner('shift'),
        dims,
        Float32Array.from(mean, (average, channel) => -average / std[channel]!),
      ),
    ],
  };
}
