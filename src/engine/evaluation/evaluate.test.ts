import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '../../random/index.ts';
import { evaluate } from './evaluate.ts';
import { scorePictures, topLosses } from './pictures.ts';

const classes = ['ant', 'bee', 'cat'];

/** Logits that put `called[i]` first with a margin. */
function saying(called: readonly number[], classCount = classes.length, margin = 3): Float32Array {
  const logits = new Float32Array(called.length * classCount);
  for (const [i, c] of called.entries()) logits[i * classCount + c] = margin;
  return logits;
}

test('counts are what they are by hand', () => {
  const labels = Int32Array.of(0, 0, 0, 1, 1, 1, 2, 2, 2, 2);
  const result = evaluate({ logits: saying([0, 0, 1, 1, 1, 0, 2, 2, 2, 2]), labels, classes, temperature: 1 });
  assert.equal(result.top1.value, 0.8);
  assert.equal(result.top5.value, 1);
  assert.deepEqual(result.confusion, [
    [0, 0, 2],
    [0, 1, 1],
    [1, 0, 1],
    [1, 1, 2],
    [2, 2, 4],
  ]);
  assert.deepEqual(result.confusedPairs, [{ first: 0, second: 1, firstAsSecond: 1, secondAsFirst: 1 }]);
  assert.equal(result.chance.largestClass, 0.4);
  assert.equal(result.perClass[2]?.recall?.value, 1);
});

test('intervals hold their value, and all of it is within bounds', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 2, max: 9 }), fc.integer(), (n, c, seed) => {
      const random = seededRandom(seed);
      const labels = Int32Array.from({ length: n }, () => random.integer(c));
      const logits = Float32Array.from({ length: n * c }, () => 3 * random.normal());
      const names = Array.from({ length: c }, (_, i) => `c${i}`);
      const result = evaluate({ logits, labels, classes: names, temperature: 0.5 + random.next() });
      for (const { value, low, high } of [
        result.top1,
        result.top5,
        result.macroF1,
        result.crossEntropy,
        result.rawCrossEntropy,
      ]) {
        assert.ok(low <= value + 1e-12 && value <= high + 1e-12 && low >= 0, `${low} ${value} ${high}`);
      }
      assert.ok(result.top1.value <= result.top5.value);
      assert.equal(
        result.confusion.reduce((sum, [, , pictures]) => sum + pictures, 0),
        n,
      );
    }),
    { numRuns: 25 },
  );
});

test('the same logits give the same evaluation, to the last bit', () => {
  const random = seededRandom(4);
  const logits = Float32Array.from({ length: 300 }, () => random.normal());
  const labels = Int32Array.from({ length: 100 }, (_, i) => i % 3);
  const input = { logits, labels, classes, temperature: 1.3 };
  assert.deepEqual(evaluate(input), evaluate(input));
});

test('a model that always names the largest class is not above chance, and is told so loudly', () => {
  const labels = Int32Array.from({ length: 100 }, (_, i) => (i < 70 ? 0 : 1 + (i % 2)));
  const constant = evaluate({ logits: saying(Array(100).fill(0)), labels, classes, temperature: 1 });
  assert.equal(constant.top1.value, 0.7);
  assert.equal(constant.aboveChance, false);
  assert.match(constant.warning ?? '', /^NOT ABOVE CHANCE: 70 of 100 .*70\.0 %/);
  const good = evaluate({ logits: saying([...labels]), labels, classes, temperature: 1 });
  assert.equal(good.aboveChance, true);
  assert.equal(good.warning, undefined);
});

test('equal logits are not a right answer by luck: the lower index comes first', () => {
  const result = evaluate({
    logits: new Float32Array(9),
    labels: Int32Array.of(0, 1, 2),
    classes,
    temperature: 1,
  });
  assert.equal(result.top1.value, 1 / 3);
});

test('the temperature changes cross-entropy and calibration, never accuracy', () => {
  const random = seededRandom(8);
  const labels = Int32Array.from({ length: 400 }, () => random.integer(3));
  const logits = saying(
    [...labels].map((label) => (random.next() < 0.6 ? label : random.integer(3))),
    3,
    9,
  );
  const overconfident = evaluate({ logits, labels, classes, temperature: 1 });
  const scaled = evaluate({ logits, labels, classes, temperature: 5.5 });
  assert.equal(scaled.top1.value, overconfident.top1.value);
  assert.equal(scaled.rawCrossEntropy.value, overconfident.crossEntropy.value);
  assert.ok(scaled.crossEntropy.value < overconfident.crossEntropy.value);
  assert.equal(scaled.calibration.rawEce, overconfident.calibration.ece);
  assert.equal(overconfident.calibration.withinBand, false);
  assert.equal(scaled.calibration.withinBand, true);
});

test('a calibrated model is within the band of calibrated models', () => {
  const random = seededRandom(3);
  const logits = Float32Array.from({ length: 3000 }, () => 2 * random.normal());
  const probabilities = scorePictures({ logits, labels: new Int32Array(1000), classCount: 3, temperature: 1 });
  const labels = probabilities.predicted.map((called, i) =>
    random.next() < probabilities.confidence[i]! ? called : (called + 1) % 3,
  );
  const { calibration } = evaluate({ logits, labels, classes, temperature: 1 });
  assert.ok(calibration.ece > 0);
  assert.ok(calibration.withinBand);
  assert.ok(calibration.bins.reduce((sum, bin) => sum + bin.pictures, 0) === 1000);
});

test('classes without pictures or predictions have no score instead of a zero', () => {
  const result = evaluate({ logits: saying([0, 0]), labels: Int32Array.of(0, 1), classes, temperature: 1 });
  assert.equal(result.perClass[1]?.precision, undefined);
  assert.equal(result.perClass[1]?.recall?.value, 0);
  assert.equal(result.perClass[2]?.recall, undefined);
  assert.equal(result.perClass[2]?.smallSample, true);
  assert.ok(Math.abs(result.macroF1.value - 1 / 3) < 1e-12, 'the mean over the two classes with pictures');
});

test('huge logits do not overflow', () => {
  const { crossEntropy } = evaluate({
    logits: Float32Array.of(3e38, -3e38, 0, 1e30, 0, 0),
    labels: Int32Array.of(0, 0),
    classes,
    temperature: 1,
  });
  assert.equal(crossEntropy.value, 0);
});

test('defects of the caller are refused', () => {
  const fine = { logits: new Float32Array(3), labels: Int32Array.of(1), classes, temperature: 1 };
  assert.throws(() => evaluate({ ...fine, labels: new Int32Array(0), logits: new Float32Array(0) }), /no picture/);
  assert.throws(() => evaluate({ ...fine, logits: new Float32Array(4) }), /4 logits are not 1 pictures × 3/);
  assert.throws(() => evaluate({ ...fine, labels: Int32Array.of(3) }), /Label 3/);
  assert.throws(() => evaluate({ ...fine, logits: Float32Array.of(0, Number.NaN, 0) }), /is NaN/);
  assert.throws(() => evaluate({ ...fine, temperature: 0 }), /temperature 0/);
});

test('top losses come worst first', () => {
  const logits = Float32Array.of(5, 0, 0, 0, 9, 0, 2, 0, 0);
  const scores = scorePictures({ logits, labels: Int32Array.of(0, 0, 1), classCount: 3, temperature: 1 });
  assert.deepEqual(topLosses(scores, 2), [1, 2]);
});
