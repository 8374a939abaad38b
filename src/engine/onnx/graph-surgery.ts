import { elementTypes, type OnnxGraph, type OnnxModel, type OnnxTensor, type OnnxValue } from './model.ts';
import { readFields } from './wire.ts';

/**
 * The same graph with other outputs, less everything that they do not need. Order is kept, so the result is deterministic.
 * Names of subgraphs' captured tensors count as needed: a Loop or If keeps all that stands before it.
 */
export function withOutputs(graph: OnnxGraph, outputs: readonly OnnxValue[]): OnnxGraph {
  const needed = new Set(outputs.map((output) => output.name));
  const kept = [...graph.nodes].reverse().filter((node) => {
    if (!node.outputs.some((output) => needed.has(output))) return false;
    for (const input of node.inputs) needed.add(input);
    for (const { encoded } of node.attributes) for (const name of capturedNames(encoded)) needed.add(name);
    return true;
  });
  return {
    ...graph,
    nodes: kept.reverse(),
    initializers: graph.initializers.filter((initializer) => needed.has(initializer.name)),
    inputs: graph.inputs.filter((input) => needed.has(input.name)),
    outputs,
  };
}

/** Inputs of the nodes of a subgraph attribute (AttributeProto.g = 6, GraphProto.node = 1, NodeProto.input = 1). */
function* capturedNames(attribute: Uint8Array): Generator<string> {
  for (const field of readFields(attribute)) {
    if (field.number !== 6) continue;
    for (const node of readFields(field.bytes)) {
      if (node.number !== 1) continue;
      for (const part of readFields(node.bytes)) {
        if (part.number === 1) yield new TextDecoder().decode(part.bytes);
        else if (part.number === 5) yield* capturedNames(part.bytes);
      }
    }
  }
}

/** The model with only the outputs named; each must be an output or an inner tensor of float32 with the given dims. */
export function selectOutputs(
  model: OnnxModel,
  wanted: readonly { readonly name: string; readonly dims: readonly (number | string)[] }[],
): OnnxModel {
  const outputs = wanted.map(({ name, dims }) => ({ name, dims, elementType: elementTypes.float32 }));
  return { ...model, graph: withOutputs(model.graph, outputs) };
}

/**
 * The values of a float32 tensor that is stored as raw bytes or as a float list; undefined for other types, and where there are not as
 * many values as the dims say.
 */
export function floatData(tensor: OnnxTensor): Float32Array | undefined {
  if (tensor.elementType !== elementTypes.float32) return undefined;
  const stored = [...readFields(tensor.encoded)].filter(({ number }) => number === 4 || number === 9);
  const bytes = stored.reduce((sum, field) => sum + field.bytes.length, 0);
  // Compared before allocating: the dims of a damaged file may ask for any amount of memory.
  if (bytes !== 4 * tensor.dims.reduce((product, dim) => product * dim, 1)) return undefined;
  const values = new Float32Array(bytes / 4);
  let filled = 0;
  for (const field of stored) {
    const view = new DataView(field.bytes.buffer, field.bytes.byteOffset, field.bytes.byteLength);
    for (let at = 0; at + 4 <= field.bytes.length; at += 4) values[filled++] = view.getFloat32(at, true);
  }
  return values;
}
