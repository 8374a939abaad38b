import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runtimeVersions } from './versions.ts';

test('features carry the versions of what decodes and computes them', () => {
  const versions = runtimeVersions();
  assert.ok(versions.some((version) => /^sharp \d+\.\d+\.\d+/.test(version)));
  assert.ok(versions.some((version) => /^onnxruntime-node \d+\.\d+\.\d+/.test(version)));
});
