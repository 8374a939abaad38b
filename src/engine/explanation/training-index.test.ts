import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../random/index.ts';
import { nearest } from './nearest.ts';
import { buildTrainingIndex, decodeTrainingIndex, encodeTrainingIndex } from './training-index.ts';

const rows = 60;
const dimension = 33;
const random = seededRandom('training index');
const data = Float32Array.from(
  { length: rows * dimension },
  (_, i) => 5 * (i % dimension) + (1 + (i % 7)) * random.normal(),
);
const features = { rows, dimension, data };
const pictures = Array.from({ length: rows }, (_, r) => ({
  name: `train/ü ${r % 5}/${r}.jpg`,
  label: r % 5,
  digest: r.toString(16).padStart(64, '0'),
}));
const index = buildTrainingIndex(features, pictures);

test('an index comes back as it was written', () => {
  assert.deepEqual(decodeTrainingIndex(encodeTrainingIndex(index), 'index'), index);
});

test('it may lie anywhere in a larger buffer', () => {
  const bytes = encodeTrainingIndex(index);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  assert.deepEqual(decodeTrainingIndex(shifted.subarray(3), 'index'), index);
});

test('names may be left out', () => {
  const nameless = buildTrainingIndex(
    features,
    pictures.map(({ label, digest }) => ({ label, digest })),
  );
  const bytes = encodeTrainingIndex(nameless);
  assert.ok(!Buffer.from(bytes).includes('.jpg'));
  assert.deepEqual(decodeTrainingIndex(bytes, 'index').pictures, nameless.pictures);
});

test('any changed, missing or added byte is refused', () => {
  const bytes = encodeTrainingIndex(index);
  const refused = { code: 'WHIPPET_ARTIFACT_MALFORMED' };
  for (let at = 0; at < bytes.length; at += 41) {
    const changed = Uint8Array.from(bytes);
    changed[at]! ^= 4;
    assert.throws(() => decodeTrainingIndex(changed, 'index'), refused, `byte ${at}`);
  }
  for (const length of [0, 7, 19, 60, bytes.length - 1]) {
    assert.throws(() => decodeTrainingIndex(bytes.subarray(0, length), 'index'), refused, `${length} bytes`);
  }
  assert.throws(() => decodeTrainingIndex(Buffer.concat([bytes, Buffer.alloc(1)]), 'index'), refused);
});

test('neighbours are those of exact cosines on standardised features', () => {
  const column = (d: number): number[] => Array.from({ length: rows }, (_, r) => data[r * dimension + d]!);
  const mean = Array.from({ length: dimension }, (_, d) => column(d).reduce((a, b) => a + b, 0) / rows);
  const deviation = mean.map((m, d) => Math.sqrt(column(d).reduce((a, b) => a + (b - m) ** 2, 0) / rows));
  const standard = (row: ArrayLike<number>): number[] => Array.from(row, (x, d) => (x - mean[d]!) / deviation[d]!);
  const cosine = (a: number[], b: number[]): number => {
    const dot = (x: number[], y: number[]): number => x.reduce((total, value, i) => total + value * y[i]!, 0);
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  };
  const query = data.slice(7 * dimension, 8 * dimension).map((x, d) => x + (d % 3));
  const exact = pictures.map((_, r) =>
    cosine(standard(query), standard(data.subarray(r * dimension, (r + 1) * dimension))),
  );
  const found = nearest({ query, index, k: 5 });
  assert.equal(found.length, 5);
  assert.equal(found[0]?.picture.name, pictures[7]?.name);
  const best = [...exact].sort((a, b) => b - a);
  for (const [i, { picture, similarity }] of found.entries()) {
    assert.ok(Math.abs(similarity - exact[pictures.indexOf(pictures.find((p) => p.name === picture.name)!)]!) < 0.01);
    assert.ok(Math.abs(similarity - best[i]!) < 0.01);
  }
});

test('of several views of a picture the first counts', () => {
  const second = new Float32Array(2 * data.length);
  for (let r = 0; r < rows; r++) second.set(data.subarray(r * dimension, (r + 1) * dimension), 2 * r * dimension);
  const twoViews = buildTrainingIndex({ rows: 2 * rows, dimension, data: second }, pictures);
  assert.equal(twoViews.pictures.length, rows);
  assert.equal(
    nearest({ query: data.slice(9 * dimension, 10 * dimension), index: twoViews, k: 1 })[0]?.picture.name,
    pictures[9]?.name,
  );
  assert.throws(() => buildTrainingIndex({ rows: rows + 1, dimension, data: second }, pictures), RangeError);
});

test('past the limit every class keeps an equal share', () => {
  const uneven = pictures.map((picture, r) => ({ ...picture, label: r < 50 ? 0 : 1 + (r % 2) }));
  const small = buildTrainingIndex(features, uneven, 18 * dimension);
  const kept = [0, 1, 2].map((label) => small.pictures.filter((picture) => picture.label === label).length);
  assert.deepEqual(kept, [8, 5, 5]);
  const [first] = small.pictures;
  assert.equal(nearest({ query: data.slice(0, dimension), index: small, k: 1 })[0]?.picture.digest, first?.digest);
});
