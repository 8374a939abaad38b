import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeModel, graph, model, node, value } from './model.ts';
import { openSession } from './session.ts';

const options = { threads: 1, source: 'test.onnx' };

function identities(): Uint8Array {
  const types = ['float32', 'uint8', 'int64', 'int32'] as const;
  return encodeModel(
    model(
      graph('identities', {
        nodes: types.map((type) => node('Identity', [type], [`${type} out`])),
        inputs: types.map((type) => value(type, type, ['N'])),
        outputs: types.map((type) => value(`${type} out`, type, ['N'])),
      }),
    ),
  );
}

describe('a session', () => {
  it('carries every type of tensor, Node buffers included', async () => {
    const session = await openSession(identities(), options);
    const results = await session.run({
      float32: { dims: [2], data: Float32Array.of(0.5, -1) },
      uint8: { dims: [2], data: Buffer.from([1, 255]) },
      int64: { dims: [1], data: BigInt64Array.of(-(2n ** 60n)) },
      int32: { dims: [0], data: new Int32Array() },
    });
    await session.release();
    assert.deepEqual(results['float32 out'], { dims: [2], data: Float32Array.of(0.5, -1) });
    assert.deepEqual(results['uint8 out'], { dims: [2], data: Uint8Array.of(1, 255) });
    assert.deepEqual(results['int64 out'], { dims: [1], data: BigInt64Array.of(-(2n ** 60n)) });
    assert.deepEqual(results['int32 out'], { dims: [0], data: new Int32Array() });
  });

  it('says which model ONNX Runtime refuses, and why', async () => {
    const unknown = model(graph('g', { nodes: [node('NoSuchOperator', [], ['y'])], inputs: [], outputs: [] }));
    for (const bytes of [Uint8Array.of(1, 2, 3), encodeModel(unknown)]) {
      await assert.rejects(openSession(bytes, options), {
        code: 'WHIPPET_ONNX_LOAD',
        message: /cannot load test\.onnx: ./,
      });
    }
    await assert.rejects(openSession('/no/such/file.onnx', options), { code: 'WHIPPET_ONNX_LOAD' });
  });
});
