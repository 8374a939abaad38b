import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  elementTypes,
  encodeModel,
  graph,
  integers,
  model,
  node,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
  tensor,
  value,
} from '../onnx/model.ts';
import { openSession, type Tensor } from '../onnx/session.ts';
import type { Backbone } from './backbone.ts';
import { metadataKey, onnxBackbone } from './onnx-file.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whippet-onnx-'));
});
after(() => rm(folder, { recursive: true }));

interface Parts {
  readonly nodes: readonly OnnxNode[];
  readonly initializers?: readonly OnnxTensor[];
  readonly outputs: readonly string[];
  readonly input?: OnnxValue;
  readonly opset?: number;
  readonly irVersion?: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

const size = 16;
const image = value('image', 'float32', ['batch', 3, size, size]);
let written = 0;

/** Writes a model whose outputs are of unknown size; returns the path. */
async function write(parts: Parts, name = `model${written++}.onnx`): Promise<string> {
  const built: OnnxModel = {
    ...model(
      graph('test', {
        nodes: parts.nodes,
        initializers: parts.initializers ?? [],
        inputs: [parts.input ?? image],
        outputs: parts.outputs.map((output) => value(output, 'float32', ['?', '?'])),
      }),
      parts.metadata,
    ),
    opsets: [{ domain: '', version: parts.opset ?? 17 }],
    irVersion: parts.irVersion ?? 8,
  };
  const path = join(folder, name);
  await writeFile(path, encodeModel(built));
  return path;
}

const ramp = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => Math.sin(i + 1));
const convolve = (input: string, output: string): OnnxNode =>
  node('Conv', [input, 'w'], [output], { kernel_shape: { ints: [3, 3] }, strides: { ints: [2, 2] } });
const filters = tensor('w', [5, 3, 3, 3], ramp(135));
const classifier = [tensor('fc.w', [5, 7], ramp(35)), tensor('fc.b', [7], ramp(7))];
/** conv → pool → flatten → Gemm, with the names that the middle tensors get. */
const network = (flat = 'flat'): OnnxNode[] => [
  convolve('image', 'conv'),
  node('GlobalAveragePool', ['conv'], ['pool']),
  node('Flatten', ['pool'], [flat], { axis: { int: 1 } }),
  node('Gemm', [flat, 'fc.w', 'fc.b'], ['scores']),
];

const picture = Uint8Array.from({ length: 3 * size * size * 3 }, (_, i) => (i * 37 + (i >> 5) * 11) % 256);

async function run({ model: built }: Backbone, data = picture): Promise<Record<string, Tensor<Float32Array>>> {
  const session = await openSession(encodeModel(built), { threads: 1, source: 'test' });
  const outputs = await session.run({ pixels: { dims: [data.length / (size * size * 3), size, size, 3], data } });
  await session.release();
  return outputs as Record<string, Tensor<Float32Array>>;
}

function assertMapAveragesToFeatures({ features, map }: Record<string, Tensor<Float32Array>>): void {
  const area = map!.dims[2]! * map!.dims[3]!;
  for (const [at, feature] of features!.data.entries()) {
    const values = map!.data.subarray(at * area, (at + 1) * area);
    assert.ok(Math.abs(values.reduce((sum, one) => sum + one, 0) / area - feature) < 1e-5);
  }
}

test('pixels become (pixel ÷ 255 − mean) ÷ std by channel', async () => {
  const nodes = [node('GlobalAveragePool', ['image'], ['pool']), node('Flatten', ['pool'], ['features'])];
  const mean = [0.1, 0.2, 0.3] as const;
  const std = [0.5, 0.25, 2] as const;
  const backbone = await onnxBackbone(await write({ nodes, outputs: ['features'] }), { preprocessing: { mean, std } });
  const { features } = await run(backbone);
  for (let at = 0; at < 9; at++) {
    const [row, channel] = [Math.floor(at / 3), at % 3];
    let sum = 0;
    for (let pixel = 0; pixel < size * size; pixel++) sum += picture[(row * size * size + pixel) * 3 + channel]! / 255;
    const expected = (sum / (size * size) - mean[channel]!) / std[channel]!;
    assert.ok(Math.abs(features!.data[at]! - expected) < 1e-5, `${features!.data[at]} is not ${expected}`);
  }
  assert.equal(backbone.hasMap, true);
});

test('features are found: a named output, the input of the classifier, behind a softmax, and by --features', async () => {
  const softmax = node('Softmax', ['scores'], ['probabilities']);
  const models: [Parts, string | undefined][] = [
    [{ nodes: network('embedding'), outputs: ['scores', 'embedding'] }, undefined],
    [{ nodes: network(), outputs: ['scores'] }, undefined],
    [{ nodes: [...network(), softmax], outputs: ['probabilities'] }, undefined],
    [{ nodes: [...network(), softmax], outputs: ['probabilities', 'scores'] }, undefined],
    [{ nodes: network('flatten_7'), outputs: ['scores', 'flatten_7'] }, undefined],
    [{ nodes: network(), outputs: ['scores'] }, 'flat'],
    [{ nodes: network(), outputs: ['scores'] }, 'pool'],
  ];
  const first = await run(
    await onnxBackbone(await write({ ...models[0]![0], initializers: [filters, ...classifier] })),
  );
  for (const [parts, features] of models) {
    const path = await write({ ...parts, initializers: [filters, ...classifier] });
    const backbone = await onnxBackbone(path, { features });
    assert.equal(backbone.dimension, 5);
    assert.equal(backbone.hasMap, true);
    assert.ok(!backbone.model.graph.initializers.some(({ name }) => name.includes('fc.')), 'the classifier is pruned');
    const outputs = await run(backbone);
    assert.deepEqual(outputs.features!.dims, [3, 5]);
    assert.deepEqual(outputs.features!.data, first.features!.data);
    assertMapAveragesToFeatures(outputs);
  }
});

test('a feature map is averaged, and is the map', async () => {
  const path = await write({ nodes: network(), outputs: ['scores'], initializers: [filters, ...classifier] });
  const outputs = await run(await onnxBackbone(path, { features: 'conv' }));
  assert.deepEqual(outputs.features!.dims, [3, 5]);
  assert.deepEqual(outputs.map!.dims, [3, 5, 7, 7]);
  assertMapAveragesToFeatures(outputs);
});

test('the map is found behind every kind of pooling, whatever the opset; a maximum has none', async () => {
  const axes = integers('axes', [2, 3]);
  const pools: [OnnxNode, number, boolean, OnnxTensor[]?][] = [
    [node('ReduceMean', ['conv'], ['pool'], { axes: { ints: [-2, -1] }, keepdims: { int: 0 } }), 13, true],
    [node('ReduceMean', ['conv', 'axes'], ['pool']), 18, true, [axes]],
    [node('AveragePool', ['conv'], ['pool'], { kernel_shape: { ints: [7, 7] } }), 7, true],
    [node('ReduceMean', ['conv'], ['pool'], { axes: { ints: [1, 2] }, keepdims: { int: 0 } }), 13, false],
    [node('GlobalMaxPool', ['conv'], ['pool']), 17, false],
    // One value for each map, but of a corner only.
    [node('AveragePool', ['conv'], ['pool'], { kernel_shape: { ints: [5, 5] }, strides: { ints: [3, 3] } }), 7, false],
  ];
  for (const [pool, opset, hasMap, more = []] of pools) {
    const nodes = [convolve('image', 'conv'), pool, node('Flatten', ['pool'], ['features'])];
    const path = await write({ nodes, outputs: ['features'], opset, initializers: [filters, ...more] });
    const backbone = await onnxBackbone(path);
    assert.equal(backbone.hasMap, hasMap, `${pool.operator} in opset ${opset}`);
    const outputs = await run(backbone);
    if (hasMap) assertMapAveragesToFeatures(outputs);
  }
});

test('names of the model may be those of the canonical form, also inside an If', async () => {
  const branch = (name: string, operator: string): { readonly graph: ReturnType<typeof graph> } => ({
    graph: graph(name, {
      nodes: [node(operator, ['map'], [`features/${name}`])],
      inputs: [],
      outputs: [value(`features/${name}`, 'float32', ['?', '?'])],
    }),
  });
  const nodes = [
    convolve('image', 'pixels'),
    node('GlobalAveragePool', ['pixels'], ['pixels/float']),
    node('Flatten', ['pixels/float'], ['map']),
    node('If', ['yes'], ['features'], { then_branch: branch('then', 'Neg'), else_branch: branch('else', 'Abs') }),
  ];
  const yes = { ...tensor('yes', [], Uint8Array.of(1)), elementType: elementTypes.bool };
  // dims, data_type bool, name, raw_data: the builder knows no booleans.
  const encoded = Uint8Array.from([0x10, 9, 0x42, 3, ...new TextEncoder().encode('yes'), 0x4a, 1, 1]);
  const path = await write({ nodes, outputs: ['features'], initializers: [filters, { ...yes, encoded }] });
  const plain = await write({ nodes: nodes.slice(0, 3), outputs: ['map'], initializers: [filters] });
  const { features } = await run(await onnxBackbone(path));
  const expected = (await run(await onnxBackbone(plain, { features: 'map' }))).features!;
  assert.deepEqual(
    features!.data,
    expected.data.map((one) => -one),
  );
});

test('NHWC inputs, half precision, free sizes and IR version 3 are understood', async () => {
  const toPlanes = node('Transpose', ['image'], ['planes'], { perm: { ints: [0, 3, 1, 2] } });
  const pooled = (from: string): OnnxNode[] => [
    convolve(from, 'conv'),
    node('GlobalAveragePool', ['conv'], ['pool']),
    node('Flatten', ['pool'], ['features']),
  ];
  const widened = node('Cast', ['image'], ['single'], { to: { int: elementTypes.float32 } });
  const narrowed = node('Cast', ['wide'], ['features'], { to: { int: elementTypes.float16 } });
  const initializers = [filters];
  const outputs = ['features'];
  const preprocessing = { size };
  const plain = await run(await onnxBackbone(await write({ nodes: pooled('image'), outputs, initializers })));
  const variants: [Parts, number][] = [
    [{ nodes: [toPlanes, ...pooled('planes')], outputs, input: value('image', 'float32', ['N', size, size, 3]) }, 1e-6],
    [{ nodes: pooled('image'), outputs, input: value('image', 'float32', ['N', 3, 'H', 'W']) }, 1e-6],
    [{ nodes: pooled('image'), outputs, irVersion: 3, opset: 7 }, 1e-6],
    [
      {
        nodes: [widened, ...pooled('single').slice(0, 2), node('Flatten', ['pool'], ['wide']), narrowed],
        outputs,
        input: value('image', 'float16', ['N', 3, size, size]),
      },
      5e-3,
    ],
  ];
  for (const [parts, tolerance] of variants) {
    const { features } = await run(await onnxBackbone(await write({ ...parts, initializers }), { preprocessing }));
    for (const [at, one] of features!.data.entries()) assert.ok(Math.abs(one - plain.features!.data[at]!) < tolerance);
  }
});

test('a batch of one is freed where the graph allows it, and refused where not', async () => {
  const input = value('image', 'float32', [1, 3, size, size]);
  const initializers = [filters, integers('shape', [1, -1])];
  const free = await onnxBackbone(
    await write({ nodes: network('features').slice(0, 3), outputs: ['features'], input, initializers }),
  );
  assert.deepEqual((await run(free)).features!.dims, [3, 5]);
  const [conv, pool] = network();
  const stuck = [conv!, pool!, node('Reshape', ['pool', 'shape'], ['features'])];
  const path = await write({ nodes: stuck, outputs: ['features'], input, initializers });
  await assert.rejects(onnxBackbone(path), { code: 'WHIPPET_BACKBONE_BATCH' });
  const mixing = [
    ...network('flat').slice(0, 3),
    node('ReduceMean', ['flat'], ['mean'], { axes: { ints: [0] } }),
    node('Add', ['flat', 'mean'], ['features']),
  ];
  const mixed = await write({ nodes: mixing, outputs: ['features'], initializers });
  await assert.rejects(onnxBackbone(mixed), { code: 'WHIPPET_BACKBONE_BATCH', message: /others of the batch/ });
});

test('preprocessing comes from flags, then metadata, then the JSON beside the file, then the default', async () => {
  const nodes = network('features').slice(0, 3);
  const parts = {
    nodes,
    outputs: ['features'],
    initializers: [filters],
    input: value('image', 'float32', ['N', 3, 'H', 'W']),
  };
  const path = await write(
    { ...parts, metadata: { [metadataKey]: JSON.stringify({ size: 20, resize: 'squash' }) } },
    'told.onnx',
  );
  await writeFile(`${path}.json`, JSON.stringify({ size: 99, mean: [0, 0, 0], pretrainedOn: 'ten thousand cats' }));
  const backbone = await onnxBackbone(path, { preprocessing: { interpolation: 'bicubic' } });
  assert.deepEqual(backbone.preprocessing, {
    size: 20,
    resize: 'squash',
    interpolation: 'bicubic',
    mean: [0, 0, 0],
    std: [0.229, 0.224, 0.225],
  });
  assert.equal(backbone.pretrainedOn, 'ten thousand cats');
  assert.equal(
    backbone.preprocessingFrom,
    "size, resize from the model's metadata; interpolation from the flags; mean from told.onnx.json; std from the default",
  );
  assert.equal(backbone.name, 'onnx:told');
  const plain = await onnxBackbone(await write(parts));
  assert.equal(plain.preprocessing.size, 224);
  assert.equal(plain.preprocessing.resize, 256);
  await assert.rejects(onnxBackbone(await write(parts), { preprocessing: { size: 64, resize: 32 } }), {
    code: 'WHIPPET_BACKBONE_PREPROCESSING',
  });
  const fixed = await write({ ...parts, input: image });
  await assert.rejects(onnxBackbone(fixed, { preprocessing: { size: 64 } }), { code: 'WHIPPET_BACKBONE_SIZE' });
  await writeFile(`${path}.json`, JSON.stringify({ reszie: 99 }));
  await assert.rejects(onnxBackbone(path), { code: 'WHIPPET_BACKBONE_PREPROCESSING', message: /resize is one/ });
});

test('what cannot be a backbone is refused with its reason', async () => {
  const initializers = [filters, ...classifier];
  const noFeatures = [
    convolve('image', 'conv'),
    node('GlobalAveragePool', ['conv'], ['pool']),
    node('Flatten', ['pool'], ['out']),
  ];
  const twoHeads = [
    ...network(),
    node('Relu', ['flat'], ['other']),
    node('Gemm', ['other', 'fc.w', 'fc.b'], ['scores2']),
  ];
  const refusals: [Parts, string, string?][] = [
    [{ nodes: network(), outputs: ['scores'], opset: 6 }, 'WHIPPET_BACKBONE_OPSET'],
    [
      { nodes: network(), outputs: ['scores'], input: value('image', 'uint8', ['N', 3, 8, 8]) },
      'WHIPPET_BACKBONE_INPUT',
    ],
    [
      { nodes: network(), outputs: ['scores'], input: value('image', 'float32', ['N', 3, 8, 9]) },
      'WHIPPET_BACKBONE_INPUT',
    ],
    [
      { nodes: network(), outputs: ['scores'], input: value('image', 'float32', ['N', 1, 8, 8]) },
      'WHIPPET_BACKBONE_INPUT',
    ],
    [{ nodes: network(), outputs: ['scores'], input: value('image', 'float32', ['N', 10]) }, 'WHIPPET_BACKBONE_INPUT'],
    [{ nodes: noFeatures, outputs: ['out'] }, 'WHIPPET_BACKBONE_FEATURES_UNCLEAR'],
    [{ nodes: twoHeads, outputs: ['scores', 'scores2'] }, 'WHIPPET_BACKBONE_FEATURES_UNCLEAR'],
    [{ nodes: network(), outputs: ['scores'] }, 'WHIPPET_BACKBONE_FEATURES_UNKNOWN', 'falt'],
    [
      {
        nodes: [...network(), node('Log', ['zero'], ['features'])],
        outputs: ['features'],
        initializers: [tensor('zero', [2, 4], new Float32Array(8))],
      },
      'WHIPPET_BACKBONE_BATCH',
    ],
  ];
  for (const [parts, code, features] of refusals) {
    await assert.rejects(onnxBackbone(await write({ initializers, ...parts }), { features }), { code }, `${code}`);
  }
  const infinite = [...network(), node('Log', ['zeros'], ['features']), node('Sub', ['flat', 'flat'], ['zeros'])];
  const path = await write({
    nodes: [infinite[0]!, infinite[1]!, infinite[2]!, infinite[5]!, infinite[4]!],
    outputs: ['features'],
    initializers,
  });
  await assert.rejects(onnxBackbone(path), { code: 'WHIPPET_BACKBONE_NOT_FINITE' });
  const sequence = [convolve('image', 'conv'), node('Reshape', ['conv', 'shape'], ['features'])];
  const rank3 = await write({
    nodes: sequence,
    outputs: ['features'],
    initializers: [filters, integers('shape', [0, 5, -1])],
  });
  await assert.rejects(onnxBackbone(rank3), { code: 'WHIPPET_BACKBONE_FEATURES_SHAPE', message: /\[2, 5, 49\]/ });
  await assert.rejects(onnxBackbone(join(folder, 'none.onnx')), { code: 'WHIPPET_BACKBONE_FILE' });
  await writeFile(join(folder, 'junk.onnx'), 'not a model at all, but a text');
  await assert.rejects(onnxBackbone(join(folder, 'junk.onnx')), { code: 'WHIPPET_ONNX_MALFORMED' });
});

test('a size that the graph cannot take is told from a batch that it cannot take', async () => {
  const nodes = [node('Flatten', ['image'], ['flat']), node('MatMul', ['flat', 'dense'], ['features'])];
  const path = await write({
    nodes,
    outputs: ['features'],
    input: value('image', 'float32', ['N', 3, 'H', 'W']),
    initializers: [tensor('dense', [3 * size * size, 4], ramp(3 * size * size * 4))],
  });
  await assert.rejects(onnxBackbone(path), {
    code: 'WHIPPET_BACKBONE_RUN',
    message: /cannot be run on a picture of 224 × 224 pixels: its operator MatMul refuses/,
  });
  const backbone = await onnxBackbone(path, { preprocessing: { size } });
  assert.deepEqual({ dimension: backbone.dimension, hasMap: backbone.hasMap }, { dimension: 4, hasMap: false });
});
