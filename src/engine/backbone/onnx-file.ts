import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { userError } from '../../errors/index.ts';
import type { Preprocessing } from '../image/picture.ts';
import { withOutputs } from '../onnx/graph-surgery.ts';
import { decodeModel, elementTypes, node, type OnnxModel, type OnnxNode, value } from '../onnx/model.ts';
import { type Backbone, digestOf, tensorNames } from './backbone.ts';
import { findFeatures, indexGraph, poolingBehind } from './feature-tensor.ts';
import { findPictureInput, type PictureInput } from './onnx-input.ts';
import { normalisePixels } from './pixels.ts';
import { prefixNames } from './prefix.ts';
import {
  checkPreprocessing,
  type PreprocessingSource,
  type PreprocessingWish,
  parsePreprocessing,
  resolvePreprocessing,
} from './preprocessing.ts';
import { type Probed, probe } from './probe.ts';

export interface OnnxBackboneOptions {
  /** Name of the tensor that holds the features, where it is not found by itself. */
  readonly features?: string | undefined;
  /** From the command's flags: stronger than what the file says. */
  readonly preprocessing?: PreprocessingWish | undefined;
}

/** Key of the model's own metadata under which the preprocessing may stand, as JSON. */
export const metadataKey = 'whippet.preprocessing';
/** Every tensor of the foreign graph gets this before its name. */
const prefix = 'backbone/';
/** Mul and Add broadcast from opset 7 on. */
const oldestOpset = 7;
/** IR version 4 and later need no graph input for an initializer; 8 is what our own graphs have. */
const leastIrVersion = 8;

/**
 * Makes a backbone of any ONNX model with one picture input. Preprocessing comes from the flags, the model's metadata, `FILE.json` or
 * `preprocessing.json` beside it, and ImageNet's usual values, in this order.
 * @throws WHIPPET_BACKBONE_* and WHIPPET_ONNX_* for what cannot be read, understood or run.
 */
export async function onnxBackbone(path: string, options: OnnxBackboneOptions = {}): Promise<Backbone> {
  const source = basename(path);
  const foreign = decodeModel(await readBytes(path), source);
  const opset = foreign.opsets.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0;
  if (opset < oldestOpset) throw userError('WHIPPET_BACKBONE_OPSET', { source, opset });
  const input = findPictureInput(foreign.graph, source);
  const features = findFeatures(foreign.graph, options.features, source);
  const pooled = poolingBehind(features, indexGraph(foreign.graph));
  const { preprocessing, from, pretrainedOn } = await preprocessingOf(foreign, path, {
    input,
    given: options.preprocessing,
  });

  const wanted = pooled === undefined ? [features] : [features, pooled];
  const body = canonicalBody(foreign, wanted, { input, preprocessing });
  const names = wanted.map((name) => bodyName(name));
  const probed = await probe(body, names, { source, size: preprocessing.size });
  const shape = featureShape(probed.get(names[0]!)!, { source, name: features });
  const map = shape.isMap ? names[0] : isPooledFrom(probed, names) ? names[1] : undefined;
  const mapDims = map === undefined ? undefined : probed.get(map)!.dims;
  const model = withCanonicalOutputs(body, { features: names[0]!, map, mapDims, ...shape });
  return {
    name: `onnx:${source.replace(/\.onnx$/i, '')}`,
    model,
    digest: digestOf(model),
    dimension: shape.dimension,
    hasMap: map !== undefined,
    preprocessing,
    preprocessingFrom: from,
    pretrainedOn: pretrainedOn ?? `unknown (${source} does not say)`,
  };
}

const bodyName = (name: string): string => `float/${name}`;

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : message;
    throw userError('WHIPPET_BACKBONE_FILE', { source: path, reason }, error);
  }
}

async function preprocessingOf(
  { metadata }: OnnxModel,
  path: string,
  { input, given }: { input: PictureInput; given: PreprocessingWish | undefined },
): Promise<ReturnType<typeof resolvePreprocessing> & { pretrainedOn: string | undefined }> {
  const source = basename(path);
  const sources: (PreprocessingSource & { pretrainedOn?: string | undefined })[] = [];
  if (given) sources.push({ from: 'the flags', ...checkPreprocessing(given, 'the flags') });
  if (input.size !== undefined) {
    const asked = given?.size;
    if (asked !== undefined && asked !== input.size) {
      throw userError('WHIPPET_BACKBONE_SIZE', { source, asked, fixed: input.size });
    }
    sources.push({ from: "the model's input", values: { size: input.size } });
  }
  const own = metadata[metadataKey];
  if (own !== undefined)
    sources.push({ from: "the model's metadata", ...parsePreprocessing(own, `the metadata of ${source}`) });
  for (const beside of [`${path}.json`, join(dirname(path), 'preprocessing.json')]) {
    const text = await readIfThere(beside);
    if (text === undefined) continue;
    sources.push({ from: basename(beside), ...parsePreprocessing(text, basename(beside)) });
    break;
  }
  const pretrainedOn = sources.find((one) => one.pretrainedOn !== undefined)?.pretrainedOn;
  return { ...resolvePreprocessing(sources), pretrainedOn };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw userError('WHIPPET_BACKBONE_FILE', { source: path, reason: message }, error);
  }
}

/** From `pixels` to the tensors wanted (as float32, under `bodyName`), without outputs yet and without anything else. */
function canonicalBody(
  foreign: OnnxModel,
  wanted: readonly string[],
  { input, preprocessing }: { input: PictureInput; preprocessing: Preprocessing },
): OnnxModel {
  const outputs = wanted.map((name) => ({ name, elementType: elementTypes.float32, dims: [] }));
  const pruned = prefixNames(withOutputs({ ...foreign.graph, otherFields: [] }, outputs), prefix);
  const pixels = normalisePixels(preprocessing, { ...input, output: prefix + input.name });
  const { size } = preprocessing;
  return {
    irVersion: Math.max(foreign.irVersion, leastIrVersion),
    opsets: foreign.opsets,
    metadata: {},
    otherFields: foreign.otherFields,
    graph: {
      ...pruned,
      name: 'backbone',
      nodes: [
        ...pixels.nodes,
        ...pruned.nodes,
        // Half-precision models end in float16; where it is float32 already, ONNX Runtime removes the cast.
        ...wanted.map((name) => node('Cast', [prefix + name], [bodyName(name)], { to: { int: elementTypes.float32 } })),
      ],
      initializers: [...pixels.initializers, ...pruned.initializers],
      inputs: [value(tensorNames.pixels, 'uint8', ['N', size, size, 3])],
      outputs: [],
    },
  };
}

/** One vector for each picture ([2, D], or with sides of 1), or one map ([2, D, h, w]) that is still to be averaged. */
function featureShape(
  { dims, values }: Probed,
  { source, name }: { source: string; name: string },
): { readonly dimension: number; readonly isMap: boolean } {
  const [, ...sides] = dims;
  const lengthy = sides.filter((side) => side > 1);
  const isMap = sides.length === 3 && (sides[1]! > 1 || sides[2]! > 1);
  if (sides.length === 0 || (!isMap && lengthy.length > 1)) {
    throw userError('WHIPPET_BACKBONE_FEATURES_SHAPE', { source, name, shape: `[${dims.join(', ')}]` });
  }
  if (!values.every(Number.isFinite) || values.every((one) => one === 0)) {
    throw userError('WHIPPET_BACKBONE_NOT_FINITE', { source, name });
  }
  return { dimension: isMap ? sides[0]! : sides.reduce((product, side) => product * side, 1), isMap };
}

/** Whether the first tensor is the mean of the second over its two last sides. */
function isPooledFrom(probed: ReadonlyMap<string, Probed>, [features, map]: readonly string[]): boolean {
  const from = map === undefined ? undefined : probed.get(map);
  const to = probed.get(features!)!.values;
  if (from?.dims.length !== 4) return false;
  const [count, dimension, height, width] = from.dims as [number, number, number, number];
  const area = height * width;
  if (count * dimension !== to.length || area < 2) return false;
  const scale = to.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  return to.every((pooled, row) => {
    let sum = 0;
    for (let at = row * area; at < (row + 1) * area; at++) sum += from.values[at]!;
    // Half precision keeps three digits.
    return Math.abs(sum / area - pooled) <= 2e-3 * scale;
  });
}

function withCanonicalOutputs(
  body: OnnxModel,
  shape: {
    features: string;
    map: string | undefined;
    mapDims: readonly number[] | undefined;
    dimension: number;
    isMap: boolean;
  },
): OnnxModel {
  const pooled = 'pooled';
  const nodes: OnnxNode[] = [];
  if (shape.isMap) nodes.push(node('GlobalAveragePool', [shape.features], [pooled]));
  nodes.push(node('Flatten', [shape.isMap ? pooled : shape.features], [tensorNames.features], { axis: { int: 1 } }));
  const outputs = [value(tensorNames.features, 'float32', ['N', shape.dimension])];
  if (shape.map !== undefined && shape.mapDims) {
    nodes.push(node('Identity', [shape.map], [tensorNames.map]));
    outputs.push(value(tensorNames.map, 'float32', ['N', ...shape.mapDims.slice(1)]));
  }
  const graph = { ...body.graph, nodes: [...body.graph.nodes, ...nodes], outputs };
  return { ...body, graph: withOutputs(graph, outputs) };
}
