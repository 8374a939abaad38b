import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWhippetError } from '../../errors/index.ts';
import type { EpochRecord } from '../events.ts';
import { applyHead } from './apply.ts';
import { defaultHeadOptions, type HeadOptions } from './hyperparameters.ts';
import type { HeadData } from './preparation.ts';
import { scoreLogits } from './scores.ts';
import { clouds } from './testing/clouds.ts';
import { trainHeadInWorker } from './testing/in-worker.ts';
import { openHeadTrainer } from './train-in-worker.ts';
import { trainHead } from './training.ts';

const common = { ...defaultHeadOptions, seed: 1, threads: 1 };

for (const hidden of [0, 16]) {
  test(`with ${hidden} hidden units it learns, and the returned head answers on raw features as its best epoch did`, async () => {
    const data = clouds([20, 20, 20, 20]);
    const seen: EpochRecord[] = [];
    const starts = [Date.now() / 1000];
    const trained = await trainHead(data, {
      ...common,
      hidden,
      batch_size: 16,
      onEpoch: (record, { start }) => {
        seen.push(record);
        starts.push(start);
      },
    });
    assert.deepEqual(seen, trained.epochs);
    starts.push(Date.now() / 1000);
    assert.deepEqual(starts, starts.toSorted(), 'epochs begin one after the other');
    const best = trained.epochs[trained.bestEpoch - 1]!;
    assert.ok(best.validAccuracy > 0.9, String(best.validAccuracy));
    const logits = applyHead(trained.head, data.valid);
    const { loss, accuracy } = scoreLogits(logits, data.validLabels, 4);
    assert.equal(accuracy, best.validAccuracy);
    assert.ok(Math.abs(loss - best.validLoss) < 1e-4, `${loss} is not ${best.validLoss}`);
    assert.equal(trained.validLogits.length, logits.length);
    const furthest = Math.max(...logits.map((logit, at) => Math.abs(logit - trained.validLogits[at]!)));
    assert.ok(furthest < 1e-4, `the logits that are told are off by ${furthest}`);
  });

  test(`one trainer of ${hidden} hidden units trains many heads, at once too, each as one of its own would`, async () => {
    const data = clouds([7, 9, 30]);
    const trainer = openHeadTrainer(data);
    const rates = [0.01, 0.02, 0.03];
    const options = (learning_rate: number, standardize = true) => ({
      ...common,
      ...{ hidden, standardize, learning_rate, batch_size: 8, epochs: 3 },
    });
    try {
      const heads = await Promise.all(rates.map((rate) => trainer.train(options(rate))));
      const plain = await trainer.train(options(0.01, false));
      for (const [at, rate] of rates.entries()) assert.deepEqual(heads[at], await trainHead(data, options(rate)));
      assert.deepEqual(plain, await trainHead(data, options(0.01, false)));
    } finally {
      trainer.close();
    }
  });

  test(`with ${hidden} hidden units the same seed gives the same bytes, in a worker too, and another seed others`, async () => {
    const data = clouds([7, 9, 30]);
    const train = data.train.data.slice();
    const here = await trainHead(data, { ...common, hidden, batch_size: 8, epochs: 4 });
    const again = await trainHeadInWorker(data, { ...common, hidden, batch_size: 8, epochs: 4 });
    assert.deepEqual(again, here);
    assert.deepEqual(data.train.data, train);
    const other = await trainHead(data, { ...common, hidden, batch_size: 8, epochs: 4, seed: 2 });
    assert.notDeepEqual(other.head, here.head);
  });
}

test('a fresh head knows nothing: the first loss is ln(classes) less one step', async () => {
  const trained = await trainHead(clouds([4, 4]), { ...common, epochs: 1 });
  assert.ok(Math.abs(trained.epochs[0]!.trainLoss - Math.LN2) < 1e-6);
});

test('it stops when valid has not improved for `patience` epochs and keeps the best', async () => {
  const data = clouds([10, 10, 10], { spread: 3 });
  const options = {
    ...common,
    schedule: 'constant',
    learning_rate: 0.5,
    weight_decay: 0,
    epochs: 200,
    patience: 3,
  } as const;
  const { epochs, bestEpoch, stopped } = await trainHead(data, options);
  assert.equal(stopped, 'early-stopping');
  assert.equal(epochs.length, bestEpoch + 3);
  const patient = await trainHead(data, { ...options, epochs: 20, patience: 0 });
  assert.equal(patient.stopped, 'completed');
  assert.equal(patient.epochs.length, 20);
  const lowest = (losses: readonly number[]): number => losses.indexOf(Math.min(...losses)) + 1;
  assert.equal(patient.bestEpoch, lowest(patient.epochs.map(({ calibratedLoss }) => calibratedLoss)));
  assert.notEqual(patient.bestEpoch, lowest(patient.epochs.map(({ validLoss }) => validLoss)));
});

test('an abort returns the best so far, from a worker while it runs and before it began', async () => {
  const data = clouds([20, 20]);
  const controller = new AbortController();
  const options = { ...common, epochs: 10_000, patience: 0 };
  const running = trainHeadInWorker(data, {
    ...options,
    signal: controller.signal,
    onEpoch: ({ epoch }) => epoch === 3 && controller.abort(),
  });
  const trained = await running;
  assert.equal(trained.stopped, 'interrupted');
  assert.ok(trained.epochs.length >= 3 && trained.epochs.length < 10_000);
  const atOnce = await trainHead(data, { ...options, signal: AbortSignal.abort() });
  assert.equal(atOnce.stopped, 'interrupted');
  assert.equal(atOnce.epochs.length, 1);
});

test('balanced class weights give a rare class the weight of a frequent one', async () => {
  const data = clouds([60, 60, 3], { spread: 2.5, validPerClass: 40 });
  const recall = async (class_weights: HeadOptions['class_weights']) => {
    const trained = await trainHead(data, { ...common, class_weights });
    const logits = applyHead(trained.head, data.valid);
    const rare = logits.subarray(80 * 3);
    return {
      weights: trained.classWeights,
      recall: scoreLogits(rare, data.validLabels.slice(80), 3).accuracy,
    };
  };
  const plain = await recall('none');
  const balanced = await recall('balanced');
  assert.deepEqual(plain.weights, [1, 1, 1]);
  assert.deepEqual(
    balanced.weights.map((weight) => weight.toFixed(4)),
    ['0.6833', '0.6833', '13.6667'],
  );
  assert.ok(balanced.recall > plain.recall, `${balanced.recall} is not above ${plain.recall}`);
});

test('fewer pictures than a batch, classes of one picture and classes without any are trained on', async () => {
  const trained = await trainHead(clouds([1, 2, 0, 1]), { ...common, epochs: 3 });
  assert.deepEqual(trained.absentClasses, [2]);
  assert.ok(trained.head.layers[0]!.weight.every(Number.isFinite));
  assert.ok(
    trained.head.layers[0]!.weight.subarray(0, 4).every((weight) => weight === 0),
    'a constant feature has no weight',
  );
});

async function refusal(data: HeadData, options: Partial<HeadOptions> = {}): Promise<string> {
  try {
    await trainHeadInWorker(data, { ...common, epochs: 2, ...options });
  } catch (error) {
    if (isWhippetError(error)) return error.code;
    throw error;
  }
  return 'none';
}

test('data that cannot be learnt from is refused by name', async () => {
  const data = clouds([3, 3]);
  const spoilt = data.train.data.slice();
  spoilt[17] = Number.NaN;
  const empty = { rows: 0, dimension: 12, data: new Float32Array(0) };
  assert.equal(await refusal({ ...data, train: { ...data.train, data: spoilt } }), 'WHIPPET_HEAD_NOT_FINITE');
  assert.equal(await refusal({ ...data, train: empty, trainLabels: new Int32Array(0) }), 'WHIPPET_HEAD_NO_PICTURES');
  assert.equal(await refusal({ ...data, valid: empty, validLabels: new Int32Array(0) }), 'WHIPPET_HEAD_NO_PICTURES');
  assert.equal(await refusal(clouds([3, 0])), 'WHIPPET_HEAD_SINGLE_CLASS');
  assert.equal(await refusal({ ...data, trainLabels: new Int32Array(5) }), 'WHIPPET_HEAD_SHAPE');
  assert.equal(await refusal({ ...data, trainLabels: new Int32Array(6).fill(2) }), 'WHIPPET_HEAD_SHAPE');
});

test('divergence is told, with a learning rate to try', async () => {
  const wild = {
    optimizer: 'sgd',
    standardize: false,
    learning_rate: 10,
    schedule: 'constant',
    momentum: 0.99,
    epochs: 40,
  } as const;
  const huge = clouds([10, 10]);
  const data = { ...huge, train: { ...huge.train, data: huge.train.data.map((one) => one * 1e18) } };
  assert.equal(await refusal(data, wild), 'WHIPPET_HEAD_DIVERGED');
});
