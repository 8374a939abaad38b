import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWhippetError } from '../../errors/index.ts';
import { seededRandom } from '../../random/index.ts';
import { suspectLabels } from './suspect-labels.ts';

/** Gaussian clouds around one centre per class, overlapping a little. */
function clouds({
  classes,
  perClass,
  dimension,
  spread,
}: Record<'classes' | 'perClass' | 'dimension' | 'spread', number>) {
  const random = seededRandom('clouds');
  const centres = Float64Array.from({ length: classes * dimension }, () => random.normal());
  const rows = classes * perClass;
  const labels = Int32Array.from({ length: rows }, (_, row) => row % classes);
  const data = Float32Array.from({ length: rows * dimension }, (_, at) => {
    const label = labels[Math.floor(at / dimension)]!;
    return centres[label * dimension + (at % dimension)]! + spread * random.normal();
  });
  return { features: { rows, dimension, data }, labels, classes };
}

function flipSome(labels: Int32Array, classes: number, share: number) {
  const random = seededRandom('flips');
  const flipped = labels.slice();
  const rows = random.shuffle(Array.from(labels.keys())).slice(0, Math.round(labels.length * share));
  for (const row of rows) flipped[row] = (labels[row]! + 1 + random.integer(classes - 1)) % classes;
  return { flipped, rows: new Set(rows) };
}

test('of 3 % wrong labels, nine in ten are among the worst 5 %, with the right class suggested', async () => {
  const { features, labels, classes } = clouds({ classes: 20, perClass: 30, dimension: 64, spread: 1 });
  const { flipped, rows } = flipSome(labels, classes, 0.03);
  const progress: number[] = [];
  const ranked = await suspectLabels(features, flipped, {
    classes,
    seed: 1,
    onFold: ({ done }) => progress.push(done),
  });
  assert.deepEqual(progress, [1, 2, 3, 4, 5]);
  assert.deepEqual(new Set(ranked.map(({ row }) => row)).size, features.rows);
  assert.ok(ranked.every(({ confidence }, i) => i === 0 || confidence >= ranked[i - 1]!.confidence));
  const found = ranked.slice(0, features.rows * 0.05).filter(({ row }) => rows.has(row));
  assert.ok(found.length >= 0.9 * rows.size, `${found.length} of ${rows.size}`);
  const named = found.filter(({ row, suggested }) => suggested === labels[row]);
  assert.ok(named.length >= 0.9 * found.length, `${named.length} of ${found.length}`);
  assert.ok(found.filter(({ suspected }) => suspected).length >= 0.5 * found.length);
  assert.ok(ranked.slice(features.rows * 0.5).every(({ suspected }) => !suspected));
});

test('the same seed gives the same ranking', async () => {
  const { features, labels, classes } = clouds({ classes: 3, perClass: 9, dimension: 5, spread: 1 });
  const first = await suspectLabels(features, labels, { classes, seed: 7 });
  assert.deepEqual(await suspectLabels(features, labels, { classes, seed: 7 }), first);
});

test('classes of one picture, classes without any and fewer pictures than folds are no obstacle', async () => {
  const features = { rows: 3, dimension: 2, data: Float32Array.of(0, 1, 1, 0, 1, 1) };
  const ranked = await suspectLabels(features, Int32Array.of(0, 1, 1), { classes: 4, seed: 1 });
  assert.equal(ranked.length, 3);
  assert.ok(ranked.every(({ confidence }) => confidence >= 0 && confidence <= 1));
});

test('one class cannot be audited', async () => {
  const features = { rows: 2, dimension: 1, data: Float32Array.of(0, 1) };
  await assert.rejects(
    suspectLabels(features, Int32Array.of(0, 0), { classes: 1, seed: 1 }),
    (error) => isWhippetError(error) && error.code === 'WHIPPET_HEAD_SINGLE_CLASS',
  );
});

test('an abort ends it with its reason', async () => {
  const { features, labels, classes } = clouds({ classes: 10, perClass: 40, dimension: 64, spread: 1 });
  const controller = new AbortController();
  const audit = suspectLabels(features, labels, {
    classes,
    seed: 1,
    folds: 50,
    onFold: () => controller.abort(new Error('enough')),
    signal: controller.signal,
  });
  await assert.rejects(audit, /enough/);
});
