import { type Field, MessageWriter } from './wire.ts';

export { decodeModel } from './decode.ts';

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
  /** Documentation, overload, metadata: only of nodes that were read. */
  readonly otherFields?: readonly Field[];
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

/** A graph input or output, always a tensor. Dimensions: a number, a symbol such as "N", or '?' where the model says nothing. */
export interface OnnxValue {
  readonly name: string;
  /** 0 where the model gives no type at all and leaves it to inference. */
  readonly elementType: number;
  readonly dims: readonly (number | string)[];
  /** The model gives no shape, which is not the same as the empty shape of a scalar. `dims` is empty. */
  readonly unranked?: true;
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
  for (const field of item.otherFields ?? []) writer.field(field);
  return writer.finish();
}

function encodeValue(item: OnnxValue): Uint8Array {
  const writer = new MessageWriter().text(1, item.name);
  if (item.elementType === 0) return writer.finish();
  const tensorType = new MessageWriter().int(1, item.elementType);
  if (!item.unranked) tensorType.bytes(2, encodeShape(item.dims));
  return writer.bytes(2, new MessageWriter().bytes(1, tensorType.finish()).finish()).finish();
}

function encodeShape(dims: OnnxValue['dims']): Uint8Array {
  const shape = new MessageWriter();
  for (const dim of dims) {
    const one = new MessageWriter();
    if (typeof dim === 'number') one.int(1, dim);
    else if (dim !== '?') one.text(2, dim);
    shape.bytes(1, one.finish());
  }
  return shape.finish();
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
