import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { isWhippetError } from '../../errors/index.ts';
import { seededRandom } from '../../random/index.ts';
import { floatData, withOutputs } from './graph-surgery.ts';
import {
  decodeModel,
  encodeModel,
  graph,
  integers,
  model,
  node,
  type OnnxModel,
  scalar,
  tensor,
  value,
} from './model.ts';
import { openSession, type Tensor } from './session.ts';
import { MessageWriter, readFields, readInts } from './wire.ts';

const weights = new URL('../../../../shared/data/weights/', import.meta.url);
const real = [
  'mobilenet_v1_0.25_128-imagenet1k-deq.onnx',
  'mobilenet_v2_1.0_224-imagenet1k-deq-tf2ptq.onnx',
  'squeezenet1_1-imagenet1k.onnx',
];
const noWeights = existsSync(weights) ? false : 'needs ../shared/data/weights';

/** y[i] = sum of x[0..i], by a Scan: a model with a subgraph, an attribute of every kind, and symbols. */
function runningSum(): OnnxModel {
  const body = graph('body', {
    nodes: [node('Add', ['sum_in', 'item'], ['sum_out']), node('Identity', ['sum_out'], ['emitted'])],
    inputs: [value('sum_in', 'float32', []), value('item', 'float32', [])],
    outputs: [value('sum_out', 'float32', []), value('emitted', 'float32', [])],
  });
  return model(
    graph('running sum', {
      nodes: [
        node('Scan', ['zero', 'x'], ['total', 'y'], { body: { graph: body }, num_scan_inputs: { int: 1 } }),
        node('LeakyRelu', ['y'], ['leaky'], { alpha: { float: 0.5 } }),
        node('ReduceSum', ['leaky', 'axes'], ['unused'], { keepdims: { int: 0 } }),
      ],
      initializers: [scalar('zero', 0), integers('axes', [0]), tensor('bytes', [2], Uint8Array.of(1, 255))],
      inputs: [value('x', 'float32', ['N'])],
      outputs: [value('y', 'float32', ['N']), value('total', 'float32', [])],
    }),
    { author: 'Zoë' },
  );
}

async function readWeights(file: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(new URL(file, weights)));
}

async function run(bytes: Uint8Array, feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
  const session = await openSession(bytes, { threads: 1, source: 'test model' });
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}

describe('writing ONNX', () => {
  it('gives models that ONNX Runtime computes, subgraphs included', async () => {
    const { y, total } = await run(encodeModel(runningSum()), {
      x: { dims: [4], data: Float32Array.of(1, 2, 3, -10) },
    });
    assert.deepEqual(y?.data, Float32Array.of(1, 3, 6, -4));
    assert.deepEqual(total, { dims: [], data: Float32Array.of(-4) });
  });

  it('gives the same bytes for the same model', () => {
    assert.deepEqual(encodeModel(runningSum()), encodeModel(runningSum()));
  });

  it('writes negative and large integers as int64', () => {
    const values = [0, 1, -1, 127, 128, -(2 ** 40), Number.MAX_SAFE_INTEGER];
    const writer = new MessageWriter();
    for (const one of values) writer.int(7, one);
    assert.deepEqual([...readFields(writer.finish())].flatMap(readInts), values);
  });
});

describe('reading ONNX', () => {
  it('gives back what was written', () => {
    const written = runningSum();
    assert.deepEqual(decodeModel(encodeModel(written), 'test model'), written);
  });

  it('keeps a property named __proto__ as data', () => {
    const metadata = Object.fromEntries([['__proto__', 'text']]);
    const again = decodeModel(encodeModel(model(runningSum().graph, metadata)), 'test model');
    assert.deepEqual(Object.entries(again.metadata), [['__proto__', 'text']]);
  });

  it('keeps apart a scalar, an output without a shape and one without a type', () => {
    const outputs = [
      value('scalar', 'float32', []),
      { ...value('unranked', 'float32', []), unranked: true as const },
      { name: 'untyped', elementType: 0, dims: [], unranked: true as const },
    ];
    const written = model({ ...runningSum().graph, outputs });
    assert.deepEqual(decodeModel(encodeModel(written), 'test model').graph.outputs, outputs);
  });

  for (const file of real) {
    it(`writes ${file} again without loss`, { skip: noWeights }, async () => {
      const first = decodeModel(await readWeights(file), file);
      assert.ok(first.graph.nodes.length > 20 && first.graph.initializers.length > 20);
      // Not assert.deepEqual: it would print megabytes of weights.
      assert.ok(isDeepStrictEqual(decodeModel(encodeModel(first), file), first));
    });
  }

  it('writes a real network again so that it computes bit for bit the same', { skip: noWeights }, async () => {
    const original = await readWeights(real[0]!);
    const random = seededRandom('picture');
    const data = Float32Array.from({ length: 3 * 128 * 128 }, () => random.normal());
    const feeds = { input: { dims: [1, 3, 128, 128], data } };
    const expected = await run(original, feeds);
    const found = await run(encodeModel(decodeModel(original, real[0]!)), feeds);
    assert.deepEqual(Object.keys(found), ['logits', 'features']);
    assert.ok(isDeepStrictEqual(found, expected));
  });
});

describe('damaged ONNX files', () => {
  const sound = encodeModel(runningSum());
  /** Whatever is wrong with the bytes: a model that can be handled further, or one of two user errors. */
  const survives = (bytes: Uint8Array): boolean => {
    try {
      const decoded = decodeModel(bytes, 'damaged.onnx');
      encodeModel(decoded);
      for (const one of decoded.graph.initializers) floatData(one);
      withOutputs(decoded.graph, decoded.graph.outputs);
      return true;
    } catch (error) {
      if (!isWhippetError(error)) throw error;
      assert.match(error.code, /^WHIPPET_ONNX_(MALFORMED|EXTERNAL_DATA)$/);
      return false;
    }
  };

  it('are refused when cut anywhere inside the graph', () => {
    const refused = Array.from(sound, (_, length) => length).filter((length) => !survives(sound.subarray(0, length)));
    const graphEnd = [...readFields(sound)].find(({ number }) => number === 7)!.bytes;
    assert.ok(refused.length >= graphEnd.length, `${refused.length} of ${sound.length} cuts were refused`);
  });

  it('never crash the reader: 8,000 mutations of a model of ours', () => {
    const random = seededRandom('mutations');
    let refused = 0;
    for (let i = 0; i < 8_000; i++) {
      const bytes = sound.slice();
      for (let n = 1 + random.integer(4); n > 0; n--) bytes[random.integer(bytes.length)] = random.integer(256);
      if (!survives(bytes)) refused++;
    }
    assert.ok(refused > 2_000 && refused < 8_000, `${refused} were refused`);
  });

  it('never crash the reader: mutations of a real network outside its weights', { skip: noWeights }, async () => {
    const original = await readWeights(real[0]!);
    const random = seededRandom('real mutations');
    for (let i = 0; i < 150; i++) {
      const bytes = original.slice();
      // Half of the hits land in the first kilobytes, where the structure is dense.
      for (let n = 0; n < 8; n++) bytes[random.integer(n % 2 ? bytes.length : 4096)] = random.integer(256);
      survives(bytes);
    }
  });

  it('never crash the reader: random bytes', () => {
    const random = seededRandom('noise');
    for (let i = 0; i < 5_000; i++)
      survives(Uint8Array.from({ length: random.integer(60) }, () => random.integer(256)));
  });

  const refusals: [string, Uint8Array, RegExp][] = [
    ['an empty file', new Uint8Array(), /it holds no graph/],
    ['a text file', new TextEncoder().encode('<!doctype html>\n'), /not a readable ONNX model/],
    ['a text that is not UTF-8', field(7, field(2, Uint8Array.of(0xff))), /not UTF-8/],
    ['a number without end', Uint8Array.of(8, ...new Array(12).fill(0xff)), /longer than ten bytes/],
    ['a packed list that stops in a number', field(7, field(5, field(1, Uint8Array.of(0x80)))), /past the end/],
    ['a length past the end', Uint8Array.of(0x3a, 0x7f, 0), /past the end/],
    ['a negative dimension', field(7, field(5, new MessageWriter().int(1, -3).finish())), /dimension -3/],
    ['a graph that is a number', new MessageWriter().int(1, 8).int(7, 1).finish(), /field 7 has no length/],
    ['a sequence as output', field(7, field(12, field(2, field(4, new Uint8Array())))), /is not a tensor/],
    ['subgraphs without end', nested(2_000), /more than 32 deep/],
  ];
  for (const [what, bytes, reason] of refusals) {
    it(`are refused with a reason: ${what}`, () => {
      assert.throws(() => decodeModel(bytes, 'bad.onnx'), { code: 'WHIPPET_ONNX_MALFORMED', message: reason });
    });
  }

  it('are refused when a weight is elsewhere, also in an attribute', () => {
    const elsewhere = new MessageWriter().text(8, 'w').int(14, 1).finish();
    const asInitializer = field(7, field(5, elsewhere));
    const asAttribute = field(7, field(1, field(5, field(5, elsewhere))));
    for (const bytes of [asInitializer, asAttribute]) {
      assert.throws(() => decodeModel(bytes, 'bad.onnx'), { code: 'WHIPPET_ONNX_EXTERNAL_DATA', message: /tensor w/ });
    }
  });

  it('ask for no memory that the file does not hold', () => {
    const claim = { ...tensor('huge', [1], Float32Array.of(1)), dims: [2 ** 31, 2 ** 20] };
    assert.equal(floatData(claim), undefined);
  });
});

function field(number: number, bytes: Uint8Array): Uint8Array {
  return new MessageWriter().bytes(number, bytes).finish();
}

/** Graphs in attributes of nodes of graphs, `depth` deep. */
function nested(depth: number): Uint8Array {
  let inner: Uint8Array = new Uint8Array();
  for (let i = 0; i < depth; i++) inner = field(1, field(5, field(6, inner)));
  return field(7, inner);
}
