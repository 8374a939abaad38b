import { type Backbone, tensorNames } from '../backbone/backbone.ts';
import type { DenseLayer, Head } from '../head/head.ts';
import { floatData, selectOutputs } from '../onnx/graph-surgery.ts';
import { node, type OnnxModel, type OnnxNode, type OnnxTensor, tensor, value } from '../onnx/model.ts';

const weightName = (layer: number): string => `head/${layer}/weight`;
const biasName = (layer: number): string => `head/${layer}/bias`;

/** One graph from pixels (uint8 [N, size, size, 3]) to `logits` [N, classes] and `features` [N, dimension]. */
export function buildModelGraph(backbone: Backbone, head: Head): OnnxModel {
  const trunk = backbone.model.graph;
  const classes = head.layers.at(-1)?.outputs ?? 0;
  return {
    ...backbone.model,
    graph: {
      ...trunk,
      name: 'whippet',
      nodes: [...trunk.nodes, ...head.layers.flatMap((_, index) => layerNodes(index, head.layers.length))],
      initializers: [...trunk.initializers, ...head.layers.flatMap(layerTensors)],
      outputs: [
        value(tensorNames.logits, 'float32', ['N', classes]),
        value(tensorNames.features, 'float32', ['N', backbone.dimension]),
      ],
    },
  };
}

function layerNodes(index: number, count: number): OnnxNode[] {
  const input = index === 0 ? tensorNames.features : `head/${index - 1}/active`;
  const last = index === count - 1;
  const output = last ? tensorNames.logits : `head/${index}/sum`;
  const dense = node('Gemm', [input, weightName(index), biasName(index)], [output]);
  return last ? [dense] : [dense, node('Relu', [output], [`head/${index}/active`])];
}

function layerTensors(layer: DenseLayer, index: number): OnnxTensor[] {
  return [
    tensor(weightName(index), [layer.inputs, layer.outputs], layer.weight),
    tensor(biasName(index), [layer.outputs], layer.bias),
  ];
}

/** The head inside a model graph made by `buildModelGraph`. */
export function readHead(model: OnnxModel): Head {
  const tensors = new Map(model.graph.initializers.map((one) => [one.name, one]));
  const layers: DenseLayer[] = [];
  for (let index = 0; ; index++) {
    const weight = tensors.get(weightName(index));
    const bias = tensors.get(biasName(index));
    if (!weight || !bias) break;
    const [inputs = 0, outputs = 0] = weight.dims;
    const values = { weight: floatData(weight), bias: floatData(bias) };
    if (!values.weight || !values.bias) throw new Error(`${weight.name} is not a float32 tensor`);
    layers.push({ inputs, outputs, weight: values.weight, bias: values.bias });
  }
  return { layers };
}

/**
 * The backbone alone, from `pixels` to `features`: what extraction workers run. The same bytes whether it is cut from a backbone or from
 * a trained model, so that features are equal bit for bit.
 */
export function featureGraph(model: OnnxModel, dimension: number): OnnxModel {
  const selected = selectOutputs(model, [{ name: tensorNames.features, dims: ['N', dimension] }]);
  return { ...selected, graph: { ...selected.graph, name: 'features' } };
}

/** The model with the feature map added to its outputs: what `explain` runs. */
export function explainGraph(
  model: OnnxModel,
  options: { dimension: number; classes: number; hasMap: boolean },
): OnnxModel {
  const { dimension, classes, hasMap } = options;
  return selectOutputs(model, [
    { name: tensorNames.logits, dims: ['N', classes] },
    { name: tensorNames.features, dims: ['N', dimension] },
    ...(hasMap ? [{ name: tensorNames.map, dims: ['N', dimension, '?', '?'] }] : []),
  ]);
}
