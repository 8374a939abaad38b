import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatherBatches } from './batches.ts';

/** A session whose two features of a row are its first byte and the batch's size; answers when it is told to. */
function slowSession() {
  const answers: (() => void)[] = [];
  const sizes: number[] = [];
  const run = (pixels: Uint8Array): Promise<Float32Array> => {
    sizes.push(pixels.length);
    const features = Float32Array.from({ length: pixels.length }, (_, at) => pixels[at - (at % 2)] as number);
    return new Promise((resolve) => answers.push(() => resolve(features)));
  };
  return { answers, sizes, run };
}

test('crops go in batches of one size, the last one too, and each gets its own features', async () => {
  const { answers, sizes, run } = slowSession();
  const batches = gatherBatches({ rows: 4, rowBytes: 2 }, run);
  const rows = [1, 2, 3, 4, 5].map((value) => batches.add(Uint8Array.of(value, 0)));
  assert.deepEqual([batches.pending, batches.running, sizes], [5, 1, [8]]);
  batches.flush();
  batches.flush();
  assert.deepEqual([batches.pending, batches.running, sizes], [5, 2, [8, 8]]);
  for (const answer of answers) answer();
  assert.deepEqual(
    (await Promise.all(rows)).map((row) => [...row]),
    [1, 2, 3, 4, 5].map((value) => [value, value]),
  );
  assert.deepEqual([batches.pending, batches.running], [0, 0]);
});

test('a session that fails fails the crops of its batch', async () => {
  const batches = gatherBatches({ rows: 1, rowBytes: 1 }, () => Promise.reject(new Error('broken')));
  await assert.rejects(batches.add(Uint8Array.of(1)), /broken/);
  assert.deepEqual([batches.pending, batches.running], [0, 0]);
});
