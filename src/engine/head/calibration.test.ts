import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '../../random/index.ts';
import { applyHead } from './apply.ts';
import { correctLogits, correctPrior, fitTemperature } from './calibration.ts';

/** Labels drawn from softmax(z), so z is calibrated; what is returned is `sharpen(z)`. */
function drawn(rows: number, classes: number, sharpen: (score: number, label: number) => number) {
  const random = seededRandom(`drawn ${rows}`);
  const logits = new Float32Array(rows * classes);
  const labels = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const z = Array.from({ length: classes }, () => 2 * random.normal());
    // The Gumbel trick: argmax of z + noise is a draw from softmax(z).
    const noisy = z.map((score) => score - Math.log(-Math.log(1 - random.next())));
    labels[row] = noisy.indexOf(Math.max(...noisy));
    logits.set(z.map(sharpen), row * classes);
  }
  return { logits, labels };
}

test('the temperature that logits were divided by is found again', () => {
  for (const truth of [0.4, 2.5]) {
    const { logits, labels } = drawn(2500, 8, (score) => score * truth);
    const { temperature, lossBefore, lossAfter } = fitTemperature(logits, labels, 8);
    assert.ok(Math.abs(temperature / truth - 1) < 0.08, `${temperature} for ${truth}`);
    assert.ok(lossAfter < lossBefore - 0.01);
  }
});

test('what is calibrated is left nearly alone', () => {
  const { logits, labels } = drawn(2000, 5, (score) => score);
  const { temperature } = fitTemperature(logits, labels, 5);
  assert.ok(Math.abs(temperature - 1) < 0.06, String(temperature));
});

test('never worse than before, whatever the logits', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 4 }).chain((classes) =>
        fc.record({
          classes: fc.constant(classes),
          rows: fc.array(
            fc.record({
              label: fc.integer({ min: 0, max: classes - 1 }),
              scores: fc.array(fc.float({ min: -30, max: 30, noNaN: true }), {
                minLength: classes,
                maxLength: classes,
              }),
            }),
            { maxLength: 12 },
          ),
        }),
      ),
      ({ classes, rows }) => {
        const logits = Float32Array.from(rows.flatMap(({ scores }) => scores));
        const found = fitTemperature(
          logits,
          Int32Array.from(rows, ({ label }) => label),
          classes,
        );
        assert.ok(found.lossAfter <= found.lossBefore);
        assert.ok(found.temperature >= 0.05 && found.temperature <= 20.001);
      },
    ),
    { numRuns: 100 },
  );
});

test('a handful of pictures, all correct, does not make probabilities certain', () => {
  const logits = Float32Array.from({ length: 9 }, (_, at) => (at % 4 === 0 ? 3 : 0));
  const { temperature } = fitTemperature(logits, Int32Array.of(0, 1, 2), 3);
  assert.ok(temperature > 0.2 && temperature <= 1, String(temperature));
});

test('scores of weighted training are put back to the frequencies of the data', () => {
  const classWeights = [0.5, 1, 4];
  const { logits, labels } = drawn(2000, 3, (score, c) => score + Math.log(classWeights[c]!));
  const plain = fitTemperature(logits, labels, 3);
  const found = fitTemperature(logits, labels, 3, { classWeights });
  assert.equal(found.priorStrength, 1);
  assert.ok(Math.abs(found.temperature - 1) < 0.06, String(found.temperature));
  assert.ok(found.lossAfter < plain.lossAfter);
  const layer = { inputs: 1, outputs: 3, weight: Float32Array.of(1, 2, 3), bias: Float32Array.of(5, 5, 5) };
  const head = { layers: [layer] };
  const expected = classWeights.map((weight) => 5 - 0.5 * Math.log(weight));
  assert.deepEqual(correctPrior(head, classWeights, 0.5).layers[0]!.bias, Float32Array.from(expected));
  assert.deepEqual(layer.bias, Float32Array.of(5, 5, 5));

  const features = { rows: 2, dimension: 1, data: Float32Array.of(1, -2) };
  const applied = applyHead(correctPrior(head, classWeights, 0.5), features);
  for (const [at, logit] of correctLogits(applyHead(head, features), classWeights, 0.5).entries()) {
    assert.ok(Math.abs(logit - applied[at]!) < 1e-6, `${logit} is not ${applied[at]}`);
  }
});
