import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { calibrationOf } from '../../../src/engine/evaluation/calibration.ts';
import { evaluate } from '../../../src/engine/evaluation/evaluate.ts';
import { scorePictures } from '../../../src/engine/evaluation/pictures.ts';
import { binomialTail, type Estimate, wilson } from '../../../src/engine/evaluation/statistics.ts';
import { seededRandom } from '../../../src/random/index.ts';

interface Reference {
  readonly pictures: number;
  readonly classes: number;
  readonly temperature: number;
  readonly top1: number;
  readonly top1_interval: [number, number];
  readonly top5: number;
  readonly raw_cross_entropy: number;
  readonly cross_entropy: number;
  readonly cross_entropy_interval: [number, number];
  readonly macro_f1: number;
  readonly macro_f1_interval: [number, number];
  readonly precision: number[];
  readonly recall: number[];
  readonly f1: number[];
  readonly support: number[];
  readonly confusion: number[][];
  readonly ece: number;
  readonly raw_ece: number;
  readonly perfect_ece: [number, number, number];
  readonly p_value: number;
  readonly binomial_tails: [number, number, number, number][];
  readonly wilson: [number, number, number, number][];
}

// Written by make.py beside this file.
const reference = JSON.parse(readFileSync(new URL('evaluation.json', import.meta.url), 'utf8')) as Reference;

/** The formula of make.py. */
function outcomes(): { logits: Float32Array; labels: Int32Array } {
  const { pictures, classes } = reference;
  const labels = Int32Array.from({ length: pictures }, (_, i) => (i % 3 === 0 ? 0 : (i * 13) % (classes - 1)));
  const logits = Float32Array.from({ length: pictures * classes }, (_, at) => {
    const i = Math.floor(at / classes);
    const c = at % classes;
    const noise = ((i * 7919 + c * 104729 + i * c * 31) % 1009) / 1009;
    return 4 * noise + (c === labels[i] ? 1.5 : 0) + (c === (labels[i]! + 1) % classes ? 0.8 : 0);
  });
  return { logits, labels };
}

const classes = Array.from({ length: reference.classes }, (_, c) => `class ${c}`);
const evaluation = evaluate({ ...outcomes(), classes, temperature: reference.temperature });

function near(actual: number | undefined, expected: number, tolerance = 1e-9): void {
  assert.ok(actual !== undefined && Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

test('scores are those of scikit-learn', () => {
  near(evaluation.top1.value, reference.top1);
  near(evaluation.top1.low, reference.top1_interval[0]);
  near(evaluation.top1.high, reference.top1_interval[1]);
  near(evaluation.top5.value, reference.top5);
  near(evaluation.rawCrossEntropy.value, reference.raw_cross_entropy);
  near(evaluation.crossEntropy.value, reference.cross_entropy);
  near(evaluation.macroF1.value, reference.macro_f1);
  near(evaluation.chance.pValue, reference.p_value, 1e-12);
});

test('precision, recall, F1 and the confusion matrix are those of scikit-learn', () => {
  for (const [c, score] of evaluation.perClass.entries()) {
    assert.equal(score.support, reference.support[c]);
    near(score.precision?.value ?? 0, reference.precision[c]!);
    near(score.recall?.value ?? 0, reference.recall[c]!);
    near(score.f1?.value ?? 0, reference.f1[c]!);
  }
  const dense = reference.confusion.map((row) => row.map(() => 0));
  for (const [actual, predicted, pictures] of evaluation.confusion) dense[actual]![predicted] = pictures;
  assert.deepEqual(dense, reference.confusion);
});

test('calibration errors are those of NumPy', () => {
  near(evaluation.calibration.ece, reference.ece);
  near(evaluation.calibration.rawEce, reference.raw_ece);
});

test('resampled intervals agree with NumPy within the noise of resampling', () => {
  near(evaluation.crossEntropy.low, reference.cross_entropy_interval[0], 0.01);
  near(evaluation.crossEntropy.high, reference.cross_entropy_interval[1], 0.01);
  near(evaluation.macroF1.low, reference.macro_f1_interval[0], 0.008);
  near(evaluation.macroF1.high, reference.macro_f1_interval[1], 0.008);
});

test('the band of a perfectly calibrated model is that of NumPy', () => {
  // One simulation of 1,000 draws scatters by 0.0003 (mean) and 0.001 (upper bound), which would hide a wrong one. The mean over 20
  // seeds scatters by less than a fifth of the tolerances below.
  const { confidence } = scorePictures({
    ...outcomes(),
    classCount: reference.classes,
    temperature: reference.temperature,
  });
  const bands = Array.from({ length: 20 }, (_, seed) => {
    const correct = new Uint8Array(reference.pictures);
    return calibrationOf(confidence, confidence, correct, seededRandom(`band ${seed}`)).perfectEce;
  });
  const mean = (of: (band: Estimate) => number): number =>
    bands.reduce((sum, band) => sum + of(band), 0) / bands.length;
  near(
    mean(({ value }) => value),
    reference.perfect_ece[0],
    0.0006,
  );
  near(
    mean(({ low }) => low),
    reference.perfect_ece[1],
    0.0008,
  );
  near(
    mean(({ high }) => high),
    reference.perfect_ece[2],
    0.0015,
  );
});

test('binomial tails and Wilson intervals are those of SciPy', () => {
  for (const [k, n, p, tail] of reference.binomial_tails) near(binomialTail(k, n, p), tail, 1e-10);
  for (const [k, n, low, high] of reference.wilson) {
    near(wilson(k, n).low, low);
    near(wilson(k, n).high, high);
  }
});
