import type { OnnxAttribute, OnnxGraph } from '../onnx/model.ts';
import { type Field, MessageWriter, readFields, readText } from '../onnx/wire.ts';

/**
 * The graph with `prefix` before every tensor name, also inside If, Loop and Scan, so that no name of a foreign model can meet one of
 * ours. Shapes noted on inner tensors are left out (ONNX Runtime infers them again).
 */
export function prefixNames(graph: OnnxGraph, prefix: string): OnnxGraph {
  // An empty name is an optional input or output left out.
  const rename = (name: string): string => (name === '' ? '' : prefix + name);
  return {
    name: graph.name,
    nodes: graph.nodes.map((node) => ({
      ...node,
      // ONNX Runtime wants node names to be unique, as outputs are by definition.
      name: rename(node.outputs.find((output) => output !== '') ?? node.name),
      inputs: node.inputs.map(rename),
      outputs: node.outputs.map(rename),
      attributes: node.attributes.map((attribute) => renameInAttribute(attribute, rename)),
    })),
    initializers: graph.initializers.map((tensor) => ({
      ...tensor,
      name: rename(tensor.name),
      encoded: rewrite(tensor.encoded, { 8: (field, writer) => writer.text(8, rename(readText(field))) }),
    })),
    inputs: graph.inputs.map((input) => ({ ...input, name: rename(input.name) })),
    outputs: graph.outputs.map((output) => ({ ...output, name: rename(output.name) })),
    otherFields: [],
  };
}

type Rename = (name: string) => string;
type Rewrites = Readonly<Record<number, (field: Field, writer: MessageWriter) => unknown>>;

/** The same message with some fields written anew, by field number. */
function rewrite(message: Uint8Array, rewrites: Rewrites): Uint8Array {
  const writer = new MessageWriter();
  for (const field of readFields(message)) {
    const rewriteField = rewrites[field.number];
    if (rewriteField) rewriteField(field, writer);
    else writer.field(field);
  }
  return writer.finish();
}

/** AttributeProto: g = 6, graphs = 11. */
function renameInAttribute(attribute: OnnxAttribute, rename: Rename): OnnxAttribute {
  return { name: attribute.name, encoded: renameInAttributeBytes(attribute.encoded, rename) };
}

function renameInAttributeBytes(encoded: Uint8Array, rename: Rename): Uint8Array {
  const subgraph = (field: Field, writer: MessageWriter) =>
    writer.bytes(field.number, renameInSubgraph(field.bytes, rename));
  for (const { number } of readFields(encoded)) {
    if (number === 6 || number === 11) return rewrite(encoded, { 6: subgraph, 11: subgraph });
  }
  return encoded;
}

/** GraphProto: node = 1, initializer = 5, input = 11, output = 12, value_info = 13. */
function renameInSubgraph(subgraph: Uint8Array, rename: Rename): Uint8Array {
  const renamed = (number: number) => (field: Field, writer: MessageWriter) =>
    writer.text(number, rename(readText(field)));
  const valueInfo = (field: Field, writer: MessageWriter) =>
    writer.bytes(field.number, rewrite(field.bytes, { 1: renamed(1) }));
  return rewrite(subgraph, {
    1: (field, writer) =>
      writer.bytes(
        1,
        rewrite(field.bytes, {
          1: renamed(1),
          2: renamed(2),
          5: (attribute, node) => node.bytes(5, renameInAttributeBytes(attribute.bytes, rename)),
        }),
      ),
    5: (field, writer) => writer.bytes(5, rewrite(field.bytes, { 8: renamed(8) })),
    11: valueInfo,
    12: valueInfo,
    13: valueInfo,
  });
}
