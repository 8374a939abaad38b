import { userError } from '../../errors/index.ts';
import { type Field, MessageWriter, readFields, readInts, readText } from './wire.ts';

/**
 * ONNX models as data. What Whippet does not interpret (attributes, value infos, functions, …) is carried through byte for byte,
 * so a model that was read and written again means the same. Field numbers: onnx/onnx.proto of ONNX 1.20 (IR version 13).
 */
export interface OnnxModel {
  readonly irVersion: number;
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  readonly graph: OnnxGraph;
  readonly metadata: Readonly<Record<string, string>>;
  readonly otherFields: readonly Field[];
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly otherFields: readonly Field[];
}

export interface OnnxNode {
  readonly operator: string;
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly OnnxAttribute[];
}

/** `encoded` is the whole AttributeProto. */
export interface OnnxAttribute {
  readonly name: string;
  readonly encoded: Uint8Array;
}

/** `encoded` is the whole TensorProto. */
export interface OnnxTensor {
  readonly name: string;
  readonly elementType: number;
  readonly dims: readonly number[];
  readonly encoded: Uint8Array;
}

/** A graph input or output. Dimensions: a number, a symbol such as "N", or '?' where the model says nothing. */
export interface OnnxValue {
  readonly name: string;
  readonly elementType: number;
  readonly dims: readonly (number | string)[];
}

/** TensorProto.DataType */
export const elementTypes = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float16: 10 } as const;

// ---- building ----

export function tensor(
  name: string,
  dims: readonly number[],
  data: Float32Array | BigInt64Array | Uint8Array,
): OnnxTensor {
  const elementType =
    data instanceof Float32Array
      ? elementTypes.float32
      : data instanceof BigInt64Array
        ? elementTypes.int64
        : elementTypes.uint8;
  const writer = new MessageWriter();
  for (const dim of dims) writer.int(1, dim);
  writer
    .int(2, elementType)
    .text(8, name)
    .bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return { name, elementType, dims, encoded: writer.finish() };
}

export function scalar(name: string, value: number): OnnxTensor {
  return tensor(name, [], Float32Array.of(value));
}

export function integers(name: string, values: readonly number[]): OnnxTensor {
  return tensor(name, [values.length], BigInt64Array.from(values, BigInt));
}

/** What an attribute may be given as: `{ int }`, `{ float }`, `{ text }`, `{ ints }`, `{ graph }`. */
export type AttributeValue =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly ints: readonly number[] }
  | { readonly graph: OnnxGraph };

function attribute(name: string, value: AttributeValue): OnnxAttribute {
  const writer = new MessageWriter().text(1, name);
  if ('int' in value) writer.int(3, value.int).int(20, 2);
  else if ('float' in value) writer.float(2, value.float).int(20, 1);
  else if ('text' in value) writer.text(4, value.text).int(20, 3);
  else if ('graph' in value) writer.bytes(6, encodeGraph(value.graph)).int(20, 5);
  else {
    for (const int of value.ints) writer.int(8, int);
    writer.int(20, 7);
  }
  return { name, encoded: writer.finish() };
}

export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
): OnnxNode {
  return {
    operator,
    domain: '',
    name: outputs[0] ?? operator,
    inputs,
    outputs,
    attributes: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  };
}

export function value(
  name: string,
  elementType: keyof typeof elementTypes,
  dims: readonly (number | string)[],
): OnnxValue {
  return { name, elementType: elementTypes[elementType], dims };
}

export function graph(
  name: string,
  parts: Pick<OnnxGraph, 'nodes' | 'inputs' | 'outputs'> & Partial<Pick<OnnxGraph, 'initializers'>>,
): OnnxGraph {
  return { name, initializers: [], otherFields: [], ...parts };
}

/** A model of our own making: opset 17 (what ONNX Runtime ≥ 1.12 and every exporter know), IR version 8. */
export function model(graphOfModel: OnnxGraph, metadata: Readonly<Record<string, string>> = {}): OnnxModel {
  return { irVersion: 8, opsets: [{ domain: '', version: 17 }], graph: graphOfModel, metadata, otherFields: [] };
}

// ---- encoding ----

function encodeNode(item: OnnxNode): Uint8Array {
  const writer = new MessageWriter();
  for (const input of item.inputs) writer.text(1, input);
  for (const output of item.outputs) writer.text(2, output);
  writer.text(3, item.name).text(4, item.operator);
  for (const one of item.attributes) writer.bytes(5, one.encoded);
  if (item.domain !== '') writer.text(7, item.domain);
  return writer.finish();
}

function encodeValue(item: OnnxValue): Uint8Array {
  const shape = new MessageWriter();
  for (const dim of item.dims) {
    const one = new MessageWriter();
    if (typeof dim === 'number') one.int(1, dim);
    else if (dim !== '?') one.text(2, dim);
    shape.bytes(1, one.finish());
  }
  const tensorType = new MessageWriter().int(1, item.elementType).bytes(2, shape.finish());
  const type = new MessageWriter().bytes(1, tensorType.finish());
  return new MessageWriter().text(1, item.name).bytes(2, type.finish()).finish();
}

function encodeGraph(item: OnnxGraph): Uint8Array {
  const writer = new MessageWriter();
  for (const one of item.nodes) writer.bytes(1, encodeNode(one));
  writer.text(2, item.name);
  for (const one of item.initializers) writer.bytes(5, one.encoded);
  for (const one of item.inputs) writer.bytes(11, encodeValue(one));
  for (const one of item.outputs) writer.bytes(12, encodeValue(one));
  for (const field of item.otherFields) writer.field(field);
  return writer.finish();
}

/** The bytes of an `.onnx` file; the same model gives the same bytes. */
export function encodeModel(item: OnnxModel): Uint8Array {
  const writer = new MessageWriter().int(1, item.irVersion).text(2, 'whippet').bytes(7, encodeGraph(item.graph));
  for (const { domain, version } of item.opsets) {
    writer.bytes(8, new MessageWriter().text(1, domain).int(2, version).finish());
  }
  for (const [key, text] of Object.entries(item.metadata)) {
    writer.bytes(14, new MessageWriter().text(1, key).text(2, text).finish());
  }
  for (const field of item.otherFields) writer.field(field);
  return writer.finish();
}

// ---- decoding ----

function decodeNode(message: Uint8Array): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: OnnxAttribute[] = [];
  let name = '';
  let operator = '';
  let domain = '';
  for (const field of readFields(message)) {
    if (field.number === 1) inputs.push(readText(field));
    else if (field.number === 2) outputs.push(readText(field));
    else if (field.number === 3) name = readText(field);
    else if (field.number === 4) operator = readText(field);
    else if (field.number === 5) attributes.push({ name: textOf(field.bytes, 1), encoded: field.bytes });
    else if (field.number === 7) domain = readText(field);
  }
  return { operator, domain, name, inputs, outputs, attributes };
}

function textOf(message: Uint8Array, number: number): string {
  for (const field of readFields(message)) if (field.number === number) return readText(field);
  return '';
}

function decodeTensor(message: Uint8Array, source: string): OnnxTensor {
  const dims: number[] = [];
  let name = '';
  let elementType = 0;
  let external = false;
  for (const field of readFields(message)) {
    if (field.number === 1) dims.push(...readInts(field));
    else if (field.number === 2) elementType = Number(field.value);
    else if (field.number === 8) name = readText(field);
    else if (field.number === 14) external = field.value === 1n;
  }
  if (external) throw userError('WHIPPET_ONNX_EXTERNAL_DATA', { source, tensor: name });
  return { name, elementType, dims, encoded: message };
}

function decodeDimension(message: Uint8Array): number | string {
  for (const field of readFields(message)) {
    if (field.number === 1) return Number(field.value);
    if (field.number === 2) return readText(field);
  }
  return '?';
}

function decodeValue(message: Uint8Array): OnnxValue {
  const dims: (number | string)[] = [];
  let elementType = 0;
  for (const typeField of readFields(message)) {
    if (typeField.number !== 2) continue;
    for (const tensorType of readFields(typeField.bytes)) {
      if (tensorType.number !== 1) continue;
      for (const part of readFields(tensorType.bytes)) {
        if (part.number === 1) elementType = Number(part.value);
        else if (part.number === 2) for (const dim of readFields(part.bytes)) dims.push(decodeDimension(dim.bytes));
      }
    }
  }
  return { name: textOf(message, 1), elementType, dims };
}

function decodeGraph(message: Uint8Array, source: string): OnnxGraph {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  const otherFields: Field[] = [];
  let name = '';
  for (const field of readFields(message)) {
    if (field.number === 1) nodes.push(decodeNode(field.bytes));
    else if (field.number === 2) name = readText(field);
    else if (field.number === 5) initializers.push(decodeTensor(field.bytes, source));
    else if (field.number === 11) inputs.push(decodeValue(field.bytes));
    else if (field.number === 12) outputs.push(decodeValue(field.bytes));
    else otherFields.push(field);
  }
  return { name, nodes, initializers, inputs, outputs, otherFields };
}

/**
 * Reads an `.onnx` file. `source` names it in errors.
 * @throws WHIPPET_ONNX_MALFORMED, WHIPPET_ONNX_EXTERNAL_DATA
 */
export function decodeModel(bytes: Uint8Array, source: string): OnnxModel {
  try {
    let irVersion = 0;
    let decoded: OnnxGraph | undefined;
    const opsets: { domain: string; version: number }[] = [];
    const metadata: Record<string, string> = {};
    const otherFields: Field[] = [];
    for (const field of readFields(bytes)) {
      if (field.number === 1) irVersion = Number(field.value);
      else if (field.number === 7) decoded = decodeGraph(field.bytes, source);
      else if (field.number === 8) {
        let version = 0;
        for (const part of readFields(field.bytes)) if (part.number === 2) version = Number(part.value);
        opsets.push({ domain: textOf(field.bytes, 1), version });
      } else if (field.number === 14) metadata[textOf(field.bytes, 1)] = textOf(field.bytes, 2);
      else if (field.number !== 2) otherFields.push(field);
    }
    if (!decoded || irVersion === 0) throw new RangeError('it holds no graph');
    return { irVersion, opsets, graph: decoded, metadata, otherFields };
  } catch (error) {
    if (error instanceof RangeError)
      throw userError('WHIPPET_ONNX_MALFORMED', { source, reason: error.message }, error);
    throw error;
  }
}
