import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  EpochSummary,
  StepRecord,
  TensorCollection,
  TensorRecord,
  TensorSummary,
  TrainingRecord,
} from '../../rules/records.ts';
import { defaultHeadOptions, type HeadOptions } from './hyperparameters.ts';
import { type HeadData, prepareTraining } from './preparation.ts';
import type { HeadRecording, TensorSchedule } from './recording.ts';
import { scoreLogits } from './scores.ts';
import { summarise } from './tensor-summary.ts';
import { clouds } from './testing/clouds.ts';
import { trainHeadInWorker } from './testing/in-worker.ts';
import { initialParameters, openTrainer } from './trainer.ts';
import { trainHead } from './training.ts';

// 47 pictures in batches of 16: two whole ones and one of 15 in each epoch.
const data = clouds([20, 20, 7]);
const stepsPerEpoch = 3;
const common = { ...defaultHeadOptions, seed: 1, threads: 1, batch_size: 16, epochs: 4, learning_rate: 0.05 };
const all: readonly TensorCollection[] = ['weights', 'biases', 'gradients', 'losses'];

const stepsIn = (records: readonly TrainingRecord[]): StepRecord[] => records.filter((one) => one.kind === 'step');
const tensorsIn = (records: readonly TrainingRecord[]): TensorRecord[] =>
  records.filter((one) => one.kind === 'tensor');
const epochsIn = (records: readonly TrainingRecord[]): EpochSummary[] => records.filter((one) => one.kind === 'epoch');

async function recorded(
  options: Partial<HeadOptions>,
  recording: Omit<HeadRecording, 'onRecord'> = {},
  of: HeadData = data,
) {
  const records: TrainingRecord[] = [];
  const record = { ...recording, onRecord: (one: TrainingRecord) => records.push(one) };
  const trained = await trainHead(of, { ...common, ...options, record });
  return { records, trained };
}

function assertNear(actual: TensorSummary, expected: TensorSummary, what: string): void {
  for (const [key, value] of Object.entries(expected)) {
    const got = actual[key as keyof TensorSummary] ?? Number.NaN;
    assert.ok(Math.abs(got - value) <= 1e-6 + 1e-5 * Math.abs(value), `${what}: ${key} is ${got}, not ${value}`);
  }
}

for (const hidden of [0, 16]) {
  test(`with ${hidden} hidden units the model is the same bytes, whatever is recorded and wherever it trains`, async () => {
    const plain = await trainHead(data, { ...common, hidden });
    const schedules: readonly (readonly TensorSchedule[])[] = [
      [],
      [{ collections: all, every: 1 }],
      [{ collections: ['gradients'], every: 5, from: 2, to: 9, steps: [11] }],
    ];
    for (const tensorsAt of schedules) {
      for (const stepsEvery of [0, 1, 3]) {
        const { trained } = await recorded({ hidden }, { stepsEvery, tensorsAt });
        assert.deepEqual(trained, plain, `every ${stepsEvery}, ${JSON.stringify(tensorsAt)}`);
      }
    }
    const [here, there] = [await recorded({ hidden }, { tensorsAt: schedules[1]! }), [] as TrainingRecord[]];
    const worker = await trainHeadInWorker(data, {
      ...{ ...common, hidden },
      record: { tensorsAt: schedules[1]!, onRecord: (one) => there.push(one) },
    });
    assert.deepEqual(worker, plain);
    assert.deepEqual(there, here.records);
  });

  test(`with ${hidden} hidden units summaries are those of the tensors that are kept whole`, async () => {
    const { records } = await recorded({ hidden }, { tensorsAt: [{ collections: all, every: 1 }] });
    const tensors = tensorsIn(records);
    const layers = hidden === 0 ? ['0'] : ['0', '1'];
    const names = layers.flatMap((layer) => [`weight${layer}`, `bias${layer}`]);
    const steps = stepsIn(records);
    assert.equal(steps.length, 4 * stepsPerEpoch);
    const together = await recorded({ hidden });
    assert.deepEqual(stepsIn(together.records), steps, 'steps that run in one call are told as those that run alone');
    for (const record of steps) {
      assert.deepEqual(Object.keys(record.gradients), names);
      assert.deepEqual(Object.keys(record.weights), names);
      const find = (collection: string, name: string): TensorRecord =>
        tensors.find((one) => one.step === record.step && one.collection === collection && one.name === name)!;
      let squares = 0;
      for (const name of names) {
        const gradient = find('gradients', name);
        const weight = find(name.startsWith('bias') ? 'biases' : 'weights', name);
        assert.deepEqual(gradient.dims, weight.dims);
        assert.equal(
          gradient.data.length,
          gradient.dims.reduce((a, b) => a * b, 1),
        );
        assertNear(record.gradients[name]!, summarise(gradient.data), `gradient of ${name} at ${record.step}`);
        assertNear(record.weights[name]!, summarise(weight.data), `${name} at ${record.step}`);
        squares += gradient.data.reduce((sum, one) => sum + one * one, 0);
      }
      assert.ok(Math.abs(Math.sqrt(squares) - record.gradientNorm) < 1e-5 * record.gradientNorm);
      assert.equal(find('losses', 'loss').data[0], Math.fround(record.loss));
      const size = record.step % stepsPerEpoch === 2 ? 15 : 16;
      assert.equal(record.activations.logits!.elements, size * 3);
      if (hidden > 0) {
        const { units } = record.activations;
        assert.equal(units!.elements, size * hidden);
        assert.ok(units!.minimum >= 0 && units!.inactive! > 0.05 && units!.inactive! < 0.95, String(units!.inactive));
      }
    }
  });
}

test('a first weight that is cut into parts is told as one', async () => {
  const shape = { inputs: 12, hidden: 0, classes: 3 };
  const { train, trainLabels, classWeights } = prepareTraining(data, defaultHeadOptions);
  const runs = await Promise.all(
    [1, 4].map(async (parts) => {
      const records: TrainingRecord[] = [];
      const trainer = await openTrainer({
        ...{ shape, features: train, labels: trainLabels, classWeights, head: common, threads: 1, parts },
        record: { tensorsAt: [{ collections: all, every: 2 }], onRecord: (one) => records.push(one) },
      });
      trainer.begin(initialParameters(shape, 1), { rows: train.rows, epochs: 1 });
      await trainer.epoch(Int32Array.from(trainLabels.keys()));
      await trainer.release();
      return records;
    }),
  );
  const [whole, cut] = runs.map((records) => ({ steps: stepsIn(records), tensors: tensorsIn(records) }));
  for (const [i, { name, dims, data: values }] of whole!.tensors.entries()) {
    const other = cut!.tensors[i]!;
    assert.deepEqual([other.name, other.dims], [name, dims]);
    for (const [at, value] of values.entries())
      assert.ok(Math.abs(value - other.data[at]!) < 1e-6 + 1e-5 * Math.abs(value));
  }
  for (const [i, step] of whole!.steps.entries()) {
    assertNear(cut!.steps[i]!.gradients.weight0!, step.gradients.weight0!, `gradient at ${i}`);
    assertNear(cut!.steps[i]!.weights.weight0!, step.weights.weight0!, `weight at ${i}`);
  }
});

test('steps are told at their interval, tensors at their schedule, epochs always, in order', async () => {
  const tensorsAt: TensorSchedule[] = [
    { collections: ['biases'], every: 4, from: 2, to: 9 },
    { collections: ['losses'], every: 0, steps: [10] },
  ];
  const { records, trained } = await recorded({}, { stepsEvery: 5, tensorsAt });
  assert.deepEqual(
    records.map((one) => ('step' in one ? `${one.kind} ${one.step}` : one.kind)),
    ['step 0', 'epoch 2', 'tensor 4', 'step 5', 'epoch 5', 'tensor 8', 'epoch 8', 'step 10', 'tensor 10', 'epoch 11'],
  );
  assert.deepEqual(
    stepsIn(records).map(({ epoch }) => epoch),
    [1, 2, 4],
  );
  for (const [i, summary] of epochsIn(records).entries()) {
    const { epoch, trainLoss, validLoss, validAccuracy } = trained.epochs[i]!;
    assert.deepEqual(summary.validPictures, [6, 6, 6]);
    const mistakes = summary.validMistakes.reduce((sum, one) => sum + one, 0);
    assert.ok(Math.abs(1 - mistakes / 18 - validAccuracy) < 1e-12);
    assert.deepEqual([summary.epoch, summary.trainLoss, summary.validLoss], [epoch, trainLoss, validLoss]);
  }
});

test('learning rate and losses of the steps are those of the schedule and the epochs', async () => {
  const { records, trained } = await recorded({});
  const steps = stepsIn(records);
  for (const { epoch, trainLoss, learningRate } of trained.epochs) {
    const own = steps.filter((one) => one.epoch === epoch);
    assert.equal(own[0]!.learningRate, learningRate);
    const mean = (own[0]!.loss * 16 + own[1]!.loss * 16 + own[2]!.loss * 15) / 47;
    assert.ok(Math.abs(mean - trainLoss) < 1e-9);
  }
  assert.ok(steps.at(-1)!.learningRate < 0.01 * common.learning_rate + 0.002);
});

test('the loss of steps and epochs is the plain cross-entropy, whatever is minimised', async () => {
  const { train, trainLabels: labels } = prepareTraining(data, defaultHeadOptions);
  const records: TrainingRecord[] = [];
  const trainer = await openTrainer({
    ...{ shape: { inputs: 12, hidden: 0, classes: 3 }, features: train, labels, threads: 1 },
    ...{ classWeights: Float64Array.of(0.5, 1, 4), head: { ...common, label_smoothing: 0.3, batch_size: train.rows } },
    record: { onRecord: (one) => records.push(one) },
  });
  const order = Int32Array.from(labels.keys());
  trainer.begin(initialParameters({ inputs: 12, hidden: 0, classes: 3 }, 1), { rows: train.rows, epochs: 2 });
  await trainer.epoch(order);
  const expected = scoreLogits(await trainer.logits(train), labels, 3).loss;
  const { loss } = await trainer.epoch(order);
  await trainer.release();
  assert.ok(Math.abs(loss - expected) < 1e-6, `${loss} is not ${expected}`);
  assert.equal(stepsIn(records)[1]!.loss, loss);
});

for (const stepsEvery of [0, 1]) {
  test(`every ${stepsEvery}: with NaN or infinities the step is told with their number, and nothing after it`, async () => {
    const huge = { ...data, train: { ...data.train, data: data.train.data.map((one) => one * 1e18) } };
    const wild: Partial<HeadOptions> = {
      ...{ optimizer: 'sgd', standardize: false, learning_rate: 10, schedule: 'constant', momentum: 0.99, epochs: 40 },
    };
    const records: TrainingRecord[] = [];
    const record = { stepsEvery, onRecord: (one: TrainingRecord) => records.push(one) };
    await assert.rejects(trainHeadInWorker(huge, { ...common, ...wild, record }), { code: 'WHIPPET_HEAD_DIVERGED' });
    const last = records.at(-1)!;
    assert.ok(last.kind === 'step');
    const summaries = [last.gradients, last.weights, last.activations].flatMap((group) => Object.values(group));
    assert.ok(summaries.some(({ nan, infinite }) => nan + infinite > 0));
    for (const one of stepsIn(records.slice(0, -1))) {
      assert.ok(
        Number.isFinite(one.loss) &&
          Number.isFinite(one.gradientNorm) &&
          Object.values(one.gradients).every(({ nan, infinite }) => nan + infinite === 0),
      );
    }
  });
}

test('a tensor is summed up with NaN and infinities apart', () => {
  const { mean, nan, infinite, inactive, minimum, maximum } = summarise(
    Float32Array.of(1, Number.NaN, -2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0),
    true,
  );
  assert.ok(Number.isNaN(mean));
  assert.deepEqual({ nan, infinite, minimum, maximum }, { nan: 1, infinite: 2, minimum: -Infinity, maximum: Infinity });
  assert.equal(inactive, 1 - 2 / 6);
  const plain = summarise(Float32Array.of(-1, 1, 3, 0));
  assert.deepEqual(plain, {
    ...{ elements: 4, mean: 0.75, absoluteMean: 1.25, variance: 2.1875, minimum: -1, maximum: 3 },
    ...{ nan: 0, infinite: 0 },
  });
});
