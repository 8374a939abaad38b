import { userError } from '../../errors/index.ts';
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './model.ts';
import { type Field, readBytes, readFields, readInt, readInts, readText } from './wire.ts';

/** Deeper subgraphs than any exporter writes; beyond it a file is an attempt on the stack. */
const MAX_DEPTH = 32;

/** TensorProto.DataLocation */
const EXTERNAL = 1;

/** What is read: the name of the file for messages, and how deep in subgraphs. */
interface Place {
  readonly source: string;
  readonly depth: number;
}

/**
 * Reads an `.onnx` file. `source` names it in errors. Subgraphs and tensors in attributes are checked as well, so that whoever reads
 * them later from their bytes meets nothing malformed.
 * @throws WHIPPET_ONNX_MALFORMED, WHIPPET_ONNX_EXTERNAL_DATA
 */
export function decodeModel(bytes: Uint8Array, source: string): OnnxModel {
  try {
    return decodeModelMessage(bytes, { source, depth: 0 });
  } catch (error) {
    if (error instanceof RangeError) {
      throw userError('WHIPPET_ONNX_MALFORMED', { source, reason: error.message }, error);
    }
    throw error;
  }
}

function decodeModelMessage(bytes: Uint8Array, place: Place): OnnxModel {
  let irVersion = 0;
  let graph: OnnxGraph | undefined;
  const opsets: OnnxModel['opsets'][number][] = [];
  const metadata: [string, string][] = [];
  const otherFields: Field[] = [];
  for (const field of readFields(bytes)) {
    if (field.number === 1) irVersion = readInt(field);
    else if (field.number === 7) graph = decodeGraph(readBytes(field), place);
    else if (field.number === 8) opsets.push(decodeOpset(readBytes(field)));
    else if (field.number === 14) metadata.push([textOf(readBytes(field), 1), textOf(readBytes(field), 2)]);
    // 2 is the producer: whoever writes a model puts its own name there.
    else if (field.number !== 2) otherFields.push(field);
  }
  if (graph === undefined || irVersion === 0) throw new RangeError('it holds no graph');
  return { irVersion, opsets, graph, metadata: Object.fromEntries(metadata), otherFields };
}

function decodeOpset(message: Uint8Array): OnnxModel['opsets'][number] {
  let domain = '';
  let version = 0;
  for (const field of readFields(message)) {
    if (field.number === 1) domain = readText(field);
    else if (field.number === 2) version = readInt(field);
  }
  return { domain, version };
}

function decodeGraph(message: Uint8Array, place: Place): OnnxGraph {
  if (place.depth > MAX_DEPTH) throw new RangeError(`its subgraphs are more than ${MAX_DEPTH} deep`);
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  const otherFields: Field[] = [];
  let name = '';
  for (const field of readFields(message)) {
    if (field.number === 1) nodes.push(decodeNode(readBytes(field), place));
    else if (field.number === 2) name = readText(field);
    else if (field.number === 5) initializers.push(decodeTensor(readBytes(field), place));
    else if (field.number === 11) inputs.push(decodeValue(readBytes(field), place));
    else if (field.number === 12) outputs.push(decodeValue(readBytes(field), place));
    else otherFields.push(field);
  }
  return { name, nodes, initializers, inputs, outputs, otherFields };
}

function decodeNode(message: Uint8Array, place: Place): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: OnnxAttribute[] = [];
  const otherFields: Field[] = [];
  let name = '';
  let operator = '';
  let domain = '';
  for (const field of readFields(message)) {
    if (field.number === 1) inputs.push(readText(field));
    else if (field.number === 2) outputs.push(readText(field));
    else if (field.number === 3) name = readText(field);
    else if (field.number === 4) operator = readText(field);
    else if (field.number === 5) attributes.push(decodeAttribute(readBytes(field), place));
    else if (field.number === 7) domain = readText(field);
    else otherFields.push(field);
  }
  const node = { operator, domain, name, inputs, outputs, attributes };
  return otherFields.length === 0 ? node : { ...node, otherFields };
}

/** AttributeProto: name = 1, t = 5, g = 6, tensors = 10, graphs = 11. */
function decodeAttribute(message: Uint8Array, place: Place): OnnxAttribute {
  let name = '';
  for (const field of readFields(message)) {
    if (field.number === 1) name = readText(field);
    else if (field.number === 5 || field.number === 10) decodeTensor(readBytes(field), place);
    else if (field.number === 6 || field.number === 11)
      decodeGraph(readBytes(field), { ...place, depth: place.depth + 1 });
  }
  return { name, encoded: message };
}

function decodeTensor(message: Uint8Array, { source }: Place): OnnxTensor {
  let dims: number[] = [];
  let name = '';
  let elementType = 0;
  let external = false;
  for (const field of readFields(message)) {
    if (field.number === 1) dims = dims.concat(readInts(field));
    else if (field.number === 2) elementType = readInt(field);
    else if (field.number === 9) readBytes(field);
    else if (field.number === 8) name = readText(field);
    else if (field.number === 14) external = readInt(field) === EXTERNAL;
  }
  if (external) throw userError('WHIPPET_ONNX_EXTERNAL_DATA', { source, tensor: name });
  const negative = dims.find((dim) => dim < 0);
  if (negative !== undefined) throw new RangeError(`its tensor "${name}" has the dimension ${negative}`);
  return { name, elementType, dims, encoded: message };
}

/** At the top only tensors: Whippet has no use for sequences, maps and optionals, and would not write them back. */
function decodeValue(message: Uint8Array, { depth }: Place): OnnxValue {
  let name = '';
  let type: Uint8Array | undefined;
  for (const field of readFields(message)) {
    if (field.number === 1) name = readText(field);
    else if (field.number === 2) type = readBytes(field);
  }
  if (type === undefined) return { name, elementType: 0, dims: [], unranked: true };
  let tensorType: Uint8Array | undefined;
  for (const field of readFields(type)) if (field.number === 1) tensorType = readBytes(field);
  if (tensorType !== undefined) return { name, ...decodeTensorType(tensorType) };
  if (depth === 0) throw new RangeError(`its input or output "${name}" is not a tensor`);
  return { name, elementType: 0, dims: [], unranked: true };
}

function decodeTensorType(message: Uint8Array): Omit<OnnxValue, 'name'> {
  let elementType = 0;
  let dims: (number | string)[] | undefined;
  for (const field of readFields(message)) {
    if (field.number === 1) elementType = readInt(field);
    else if (field.number === 2) dims = decodeShape(readBytes(field));
  }
  return dims === undefined ? { elementType, dims: [], unranked: true } : { elementType, dims };
}

function decodeShape(message: Uint8Array): (number | string)[] {
  return [...readFields(message)]
    .filter((field) => field.number === 1)
    .map((field) => decodeDimension(readBytes(field)));
}

function decodeDimension(message: Uint8Array): number | string {
  for (const field of readFields(message)) {
    if (field.number === 1) return readInt(field);
    if (field.number === 2) return readText(field);
  }
  return '?';
}

function textOf(message: Uint8Array, number: number): string {
  for (const field of readFields(message)) if (field.number === number) return readText(field);
  return '';
}
