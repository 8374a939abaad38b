import { encodeModel, graph, model, node, type OnnxModel, tensor, value } from '../../src/engine/onnx/model.ts';
import { openSession, type Session } from '../../src/engine/onnx/session.ts';

export interface ProductShape {
  readonly inputs: number;
  readonly classes: number;
  readonly batch: number;
  readonly steps: number;
}

/** The matrix products of an epoch of a linear head (x·W and xᵀ·G in each step) and nothing else, as one call. */
function productsModel({ inputs, classes, batch }: ProductShape): OnnxModel {
  const step = graph('step', {
    inputs: [value('weight', 'float32', [inputs, classes]), value('tick', 'float32', [])],
    outputs: [value('next', 'float32', [inputs, classes])],
    nodes: [
      node('Gemm', ['x', 'weight'], ['z']),
      // alpha keeps the numbers from overflowing, and a z that is used from being optimised away.
      node('Gemm', ['x', 'z'], ['next'], { transA: { int: 1 }, alpha: { float: 1e-4 } }),
    ],
  });
  const x = Float32Array.from({ length: batch * inputs }, (_, at) => Math.sin(at));
  return model(
    graph('products', {
      inputs: [value('start', 'float32', [inputs, classes]), value('ticks', 'float32', ['S'])],
      outputs: [value('end', 'float32', [inputs, classes])],
      initializers: [tensor('x', [batch, inputs], x)],
      nodes: [node('Scan', ['start', 'ticks'], ['end'], { body: { graph: step }, num_scan_inputs: { int: 1 } })],
    }),
  );
}

export async function openProducts(
  shape: ProductShape,
): Promise<{ run(): Promise<void>; release: Session['release'] }> {
  const session = await openSession(encodeModel(productsModel(shape)), { threads: 1, source: 'bare products' });
  const { inputs, classes, steps } = shape;
  const feeds = {
    start: { dims: [inputs, classes], data: new Float32Array(inputs * classes).fill(0.01) },
    ticks: { dims: [steps], data: new Float32Array(steps) },
  };
  return {
    run: async () => {
      await session.run(feeds);
    },
    release: session.release,
  };
}
