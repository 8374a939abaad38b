import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../random/index.ts';
import type { FeatureMatrix } from '../features/features.ts';
import { fitNovelty, openNovelty, percentileOf } from './novelty.ts';

const dimension = 24;
const classCount = 4;

/** Pictures about a class's direction; class `classCount` and above are of kinds that are not trained. */
function pictures(
  labels: readonly number[],
  seed: string,
): { features: FeatureMatrix; labels: Int32Array; logits: Float32Array } {
  const random = seededRandom(seed);
  const data = new Float32Array(labels.length * dimension);
  const logits = new Float32Array(labels.length * classCount);
  for (const [i, label] of labels.entries()) {
    for (let d = 0; d < dimension; d++)
      data[i * dimension + d] = Math.max(0, (d % 6 === label ? 3 : 0) + random.normal());
    for (let c = 0; c < classCount; c++) logits[i * classCount + c] = (c === label ? 4 : 0) + random.normal();
  }
  return { features: { rows: labels.length, dimension, data }, labels: Int32Array.from(labels), logits };
}

const known = (count: number): number[] => Array.from({ length: count }, (_, i) => i % classCount);
const train = pictures(known(200), 'train');
const valid = pictures(known(100), 'valid');
const input = {
  train: train.features,
  labels: train.labels,
  classCount,
  valid: valid.features,
  validLogits: valid.logits,
};
const fitted = fitNovelty(input);
const noveltyOf = openNovelty(fitted.state, fitted.scale);

function novelties({ features, logits }: ReturnType<typeof pictures>): number[] {
  return Array.from({ length: features.rows }, (_, i) =>
    noveltyOf(
      features.data.subarray(i * dimension, (i + 1) * dimension),
      logits.subarray(i * classCount, (i + 1) * classCount),
    ),
  );
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

test('known kinds spread over the percentiles, unknown ones lie at the top', () => {
  const own = novelties(pictures(known(400), 'fresh'));
  assert.ok(median(own) > 30 && median(own) < 70, `${median(own)}`);
  const above = own.filter((value) => value >= 90).length / own.length;
  assert.ok(above > 0.02 && above < 0.25, `${above}`);
  assert.ok(median(novelties(pictures(Array(100).fill(5), 'unknown'))) > 99);
});

test('valid pictures have the percentiles they were measured by', () => {
  const sorted = novelties(valid).sort((a, b) => a - b);
  assert.equal(sorted[0], 0);
  assert.equal(sorted.at(-1), 100);
  for (const [i, value] of sorted.entries()) assert.ok(Math.abs(value - (100 * i) / 99) < 1.5, `${i}: ${value}`);
});

test('distance and response count each on its own', () => {
  const features = valid.features.data.subarray(0, dimension);
  const logits = valid.logits.subarray(0, classCount);
  const unsure = logits.map(() => Math.min(...logits) - 3);
  assert.ok(noveltyOf(features, unsure) > noveltyOf(features, logits));
  assert.ok(
    noveltyOf(
      features.map((x) => 5 - x),
      logits,
    ) > noveltyOf(features, logits),
  );
});

test('state and scale survive being stored', () => {
  const scale = JSON.parse(JSON.stringify(fitted.scale));
  const again = openNovelty(Uint8Array.from(fitted.state), scale);
  const features = valid.features.data.subarray(0, dimension);
  assert.equal(again(features, valid.logits), noveltyOf(features, valid.logits));
  assert.equal(fitted.state.length, 32 + 16 + classCount * (4 + dimension));
});

test('pictures without any feature, and classes without pictures, do no harm', () => {
  assert.equal(noveltyOf(new Float32Array(dimension), new Float32Array(classCount)), 100);
  const wider = fitNovelty({
    ...input,
    classCount: classCount + 1,
    validLogits: new Float32Array(100 * (classCount + 1)),
  });
  const measured = openNovelty(wider.state, wider.scale)(
    valid.features.data.subarray(0, dimension),
    new Float32Array(5),
  );
  assert.ok(measured >= 0 && measured <= 100);
});

test('what does not belong together is refused', () => {
  const malformed = { code: 'WHIPPET_ARTIFACT_MALFORMED' };
  for (const length of [0, 31, 40, fitted.state.length - 1]) {
    assert.throws(() => openNovelty(fitted.state.subarray(0, length), fitted.scale), malformed);
  }
  const { quantiles } = fitted.scale;
  for (const scale of [
    { method: 'other', quantiles },
    { ...fitted.scale, quantiles: [] },
    { ...fitted.scale, quantiles: [...quantiles].reverse() },
    { ...fitted.scale, quantiles: [0, Number.NaN, 1] },
  ]) {
    assert.throws(() => openNovelty(fitted.state, scale), malformed);
  }
  assert.throws(() => fitNovelty({ ...input, valid: { rows: 0, dimension, data: new Float32Array(0) } }), RangeError);
});

test('percentiles are linear between quantiles, and the middle of equal ones', () => {
  const quantiles = [0, 1, 1, 1, 4];
  assert.equal(percentileOf(-1, quantiles), 0);
  assert.equal(percentileOf(0.5, quantiles), 12.5);
  assert.equal(percentileOf(1, quantiles), 50);
  assert.equal(percentileOf(2.5, quantiles), 87.5);
  assert.equal(percentileOf(9, quantiles), 100);
});
