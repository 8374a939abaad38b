/** `npm run interop`: the artifact means the same to Python's ONNX Runtime. Needs a Python with test/interop/requirements.txt. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { repository, shared, type Whippet, whippetIn } from '../stories/whippet.ts';

const python = process.env.WHIPPET_TEST_PYTHON;
const backbone = shared('weights', 'mobilenet_v1_0.25_128-imagenet1k-deq.onnx');
const flowers = shared('flowers');
const skip = python ? backbone.skip || flowers.skip : 'WHIPPET_TEST_PYTHON names no Python';

interface JsonPrediction {
  readonly source: string;
  readonly predictions: readonly { readonly label: string; readonly probability: number }[];
  readonly logits: readonly number[];
}

describe('the artifact in Python', { skip }, () => {
  let whippet: Whippet;
  before(async () => {
    whippet = await whippetIn('interop');
    const trained = await whippet.run([
      'train',
      flowers.path,
      '--backbone',
      `onnx:${backbone.path}`,
      '--epochs',
      '5',
      '--no-audit',
    ]);
    assert.equal(trained.code, 0, trained.err);
  });
  after(() => rm(whippet.home, { recursive: true }));

  it('gives the same logits and probabilities for the same photos', async () => {
    const folder = join(flowers.path, 'valid', 'rose');
    const photos = (await readdir(folder)).slice(0, 4).map((name) => join(folder, name));
    const predicted = await whippet.run(['predict', 'model', ...photos, '--json', '--logits']);
    assert.equal(predicted.code, 0, predicted.err);
    const ours = JSON.parse(predicted.out) as JsonPrediction[];
    const script = join(repository, 'test', 'interop', 'predict.py');
    const { stdout } = await promisify(execFile)(python as string, [script, join(whippet.home, 'model'), ...photos]);
    const theirs = JSON.parse(stdout) as { logits: number[][]; probabilities: number[][]; features: number[] };

    assert.deepEqual(theirs.features, [4, 256]);
    for (const [row, { logits, predictions }] of ours.entries()) {
      const expected = theirs.logits[row] as number[];
      const spread = Math.max(...expected) - Math.min(...expected);
      const error = Math.max(...logits.map((logit, index) => Math.abs(logit - (expected[index] as number))));
      // Pixels may differ by one level where the resampling of the two libraries rounds differently.
      assert.ok(error < 0.02 * spread, `logits differ by ${error}, their spread is ${spread}`);
      const best = Math.max(...(theirs.probabilities[row] as number[]));
      assert.ok(Math.abs((predictions[0]?.probability ?? 0) - best) < 0.02);
    }
  });
});
