import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDevice } from './device.ts';
import { parseBackboneSpec } from './spec.ts';

test('every documented specification is understood', () => {
  assert.deepEqual(parseBackboneSpec('scatter'), { kind: 'scatter' });
  assert.deepEqual(parseBackboneSpec('onnx:a:b.onnx'), { kind: 'onnx', path: 'a:b.onnx' });
  for (const depth of [18, 34, 50, 101, 152]) {
    assert.deepEqual(parseBackboneSpec(`resnet${depth}`), { kind: 'resnet', depth, version: 'v1' });
    assert.deepEqual(parseBackboneSpec(`resnet${depth}:v1`), { kind: 'resnet', depth, version: 'v1' });
  }
  assert.deepEqual(parseBackboneSpec('resnet152:v2'), { kind: 'resnet', depth: 152, version: 'v2' });
});

test('what is no backbone is refused with the nearest one that is', () => {
  const meant = {
    resnet51: 'resnet50',
    'resnet5O:v2': 'resnet50:v2',
    scater: 'scatter',
    'model.onnx': 'onnx:model.onnx',
    'onnx:': 'onnx:FILE',
  };
  for (const [spec, name] of Object.entries(meant)) {
    assert.throws(() => parseBackboneSpec(spec), {
      code: 'WHIPPET_BACKBONE_UNKNOWN',
      exitCode: 2,
      message: `There is no backbone "${spec}". Did you mean ${name}?`,
    });
  }
  assert.throws(() => parseBackboneSpec('transformer-of-tomorrow'), { message: /"transformer-of-tomorrow"\.$/ });
  assert.throws(() => parseBackboneSpec(''), { code: 'WHIPPET_BACKBONE_UNKNOWN' });
});

test('V2 weights that torchvision never published are refused', () => {
  assert.throws(() => parseBackboneSpec('resnet34:v2'), { code: 'WHIPPET_BACKBONE_NO_SUCH_WEIGHTS' });
});

test('the CPU is the only device; CUDA is refused with what it will need', () => {
  assert.equal(checkDevice('cpu'), 'cpu');
  assert.throws(() => checkDevice('cuda'), { code: 'WHIPPET_BACKBONE_DEVICE', remedy: /NVIDIA driver/ });
  assert.throws(() => checkDevice('tpu'), { code: 'WHIPPET_BACKBONE_DEVICE', remedy: 'Use --device cpu.' });
});
