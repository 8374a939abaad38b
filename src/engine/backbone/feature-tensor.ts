import { nearest, userError } from '../../errors/index.ts';
import type { OnnxGraph, OnnxNode } from '../onnx/model.ts';

/** What exporters call a feature output, most telling first. */
const featureNames = [
  /^features?$/i,
  /^embeddings?$/i,
  /^(image_)?embeds?$/i,
  /^pooled$|^pooler_output$|^pooled_output$/i,
  /^penultimate$/i,
  /^pre_?logits$/i,
];
/** Only beside other outputs: the only output of a network may be flattened scores. */
const sideOutputName = /^flatten/i;

/** Operators that hand their first input through: same numbers, other shape or type. */
const passThrough = new Set(['Flatten', 'Reshape', 'Squeeze', 'Unsqueeze', 'Identity', 'Dropout', 'Cast']);
/** What may stand between a classifier and the output of a model. */
const afterClassifier = new Set([...passThrough, 'Softmax', 'LogSoftmax', 'Sigmoid', 'Add', 'ArgMax', 'TopK']);
const poolings = new Set(['GlobalAveragePool', 'ReduceMean', 'AveragePool']);

/** Who makes which tensor, and which tensors depend on no input of the model. */
export interface GraphIndex {
  readonly producers: ReadonlyMap<string, OnnxNode>;
  readonly constants: ReadonlySet<string>;
}

export function indexGraph(graph: OnnxGraph): GraphIndex {
  const producers = new Map<string, OnnxNode>();
  const constants = new Set(graph.initializers.map(({ name }) => name));
  for (const node of graph.nodes) {
    for (const output of node.outputs) producers.set(output, node);
    if (node.inputs.every((input) => input === '' || constants.has(input))) {
      for (const output of node.outputs) constants.add(output);
    }
  }
  return { producers, constants };
}

/**
 * The tensor that holds the features: the one asked for; else an output named like one; else what feeds the only classifier (the last
 * Gemm or MatMul, or the 1×1 convolution behind a global pooling).
 * @throws WHIPPET_BACKBONE_FEATURES_UNKNOWN, WHIPPET_BACKBONE_FEATURES_UNCLEAR
 */
export function findFeatures(graph: OnnxGraph, asked: string | undefined, source: string): string {
  const index = indexGraph(graph);
  if (asked !== undefined) {
    if (index.producers.has(asked)) return asked;
    const names = [...index.producers.keys()];
    const candidates = featureCandidates(graph);
    throw userError('WHIPPET_BACKBONE_FEATURES_UNKNOWN', {
      source,
      name: asked,
      nearest: nearest(asked, [...candidates, ...names]),
      candidates,
    });
  }
  const patterns = graph.outputs.length > 1 ? [...featureNames, sideOutputName] : featureNames;
  for (const pattern of patterns) {
    const [first, ...others] = graph.outputs.filter(({ name }) => pattern.test(name));
    if (first && others.length === 0) return first.name;
    if (first) break;
  }
  const [found, ...others] = new Set(graph.outputs.flatMap(({ name }) => classifierInputs(name, index)));
  if (found === undefined || others.length > 0) {
    throw userError('WHIPPET_BACKBONE_FEATURES_UNCLEAR', { source, candidates: featureCandidates(graph) });
  }
  return found;
}

/** The inputs of the classifiers that an output comes from, by walking back. */
function classifierInputs(output: string, { producers, constants }: GraphIndex): string[] {
  const node = producers.get(output);
  const [data, weight] = node?.inputs ?? [];
  if (!node || data === undefined) return [];
  if (node.operator === 'Gemm' || node.operator === 'MatMul') {
    return weight !== undefined && constants.has(weight) && !constants.has(data) ? [data] : [];
  }
  if (node.operator === 'Conv') return poolingBehind(data, { producers, constants }) ? [data] : [];
  if (!afterClassifier.has(node.operator)) return [];
  return node.inputs
    .filter((input) => !constants.has(input))
    .flatMap((input) => classifierInputs(input, { producers, constants }));
}

/**
 * Tensors worth naming to someone who has to choose: inputs of classifiers and of the last convolution (which may be one), flattened and
 * pooled tensors, outputs. At most twelve, the last of the graph first.
 */
export function featureCandidates(graph: OnnxGraph): string[] {
  const { constants } = indexGraph(graph);
  const names = new Set<string>();
  const lastConvolution = graph.nodes.findLast(({ operator }) => operator === 'Conv')?.inputs[0];
  if (lastConvolution !== undefined) names.add(lastConvolution);
  for (const { operator, inputs, outputs } of [...graph.nodes].reverse()) {
    const [data, weight] = inputs;
    if (operator === 'Flatten' || poolings.has(operator)) names.add(outputs[0]!);
    if ((operator === 'Gemm' || operator === 'MatMul') && constants.has(weight ?? '') && data) names.add(data);
  }
  for (const { name } of graph.outputs) names.add(name);
  return [...names].filter((name) => !constants.has(name)).slice(0, 12);
}

/**
 * The tensor that was pooled to make `features`, by walking back over reshapes to a pooling. Whether it really is the mean is for the
 * caller to check on numbers: axes and kernel sizes may be computed.
 */
export function poolingBehind(features: string, { producers }: GraphIndex): string | undefined {
  for (let node = producers.get(features); node; node = producers.get(node.inputs[0] ?? '')) {
    if (poolings.has(node.operator)) return node.inputs[0];
    if (!passThrough.has(node.operator)) return undefined;
  }
  return undefined;
}
