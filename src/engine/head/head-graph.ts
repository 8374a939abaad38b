import type { FeatureMatrix } from '../features/features.ts';
import { encodeModel, graph, model, node, type OnnxGraph, tensor, value } from '../onnx/model.ts';
import { openSession } from '../onnx/session.ts';
import type { Head } from './head.ts';

/** The head as a piece of a larger graph: nodes from the tensor `input` [N, D] to `output` [N, C], weights as initializers. */
export function headGraph(
  { layers }: Head,
  { input, output }: { readonly input: string; readonly output: string },
): Pick<OnnxGraph, 'nodes' | 'initializers'> {
  const last = layers.length - 1;
  return {
    initializers: layers.flatMap(({ inputs, outputs, weight, bias }, i) => [
      tensor(`head.weight${i}`, [inputs, outputs], weight),
      tensor(`head.bias${i}`, [outputs], bias),
    ]),
    nodes: layers.flatMap((_, i) => {
      const result = i === last ? output : `head.activation${i}`;
      const gemm = node('Gemm', [i === 0 ? input : `head.units${i - 1}`, `head.weight${i}`, `head.bias${i}`], [result]);
      return i === last ? [gemm] : [gemm, node('Relu', [result], [`head.units${i}`])];
    }),
  };
}

/** Logits [rows × classes] of raw features. Blocks the thread for some milliseconds per thousand rows. */
export async function headLogits(
  head: Head,
  features: FeatureMatrix,
  { threads }: { readonly threads: number },
): Promise<Float32Array> {
  const { rows, dimension, data } = features;
  const classes = head.layers.at(-1)!.outputs;
  const whole = graph('head', {
    ...headGraph(head, { input: 'features', output: 'logits' }),
    inputs: [value('features', 'float32', ['N', dimension])],
    outputs: [value('logits', 'float32', ['N', classes])],
  });
  const session = await openSession(encodeModel(model(whole)), { threads, source: 'the head' });
  try {
    const { logits } = await session.run({ features: { dims: [rows, dimension], data } });
    return logits!.data as Float32Array;
  } finally {
    await session.release();
  }
}
