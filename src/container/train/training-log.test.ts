import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EpochRecord, TrainingRun } from '../../engine/index.ts';
import { chanceLines, endingLines, epochLine, logEvents } from './training-log.ts';

test('how likely chance is to do as well is told with digits enough for any number of trials', () => {
  const told = (pValue: number) => {
    const chance = { largestClass: 0.5, uniform: 0.25, test: '', pValue, above: pValue < 0.05 };
    return chanceLines({ evaluation: { chance } } as TrainingRun);
  };
  assert.deepEqual([0.009158049, 8.2718061e-25, 1].flatMap(told), [
    'validation:chance=0.500000 validation:chance_p_value=0.00915805 validation:above_chance=1',
    'validation:chance=0.500000 validation:chance_p_value=8.27181e-25 validation:above_chance=1',
    'validation:chance=0.500000 validation:chance_p_value=1.00000 validation:above_chance=0',
  ]);
});

const epochs = Array.from(
  { length: 15 },
  (_, i): EpochRecord => ({
    ...{ epoch: i + 1, learningRate: 0.002, gradientNorm: 1, validAccuracy: 0.75 },
    ...{ trainLoss: 1.5, validLoss: 1.25, calibratedLoss: 0.625 },
  }),
);

test('the line of an epoch tells the figure that epochs are compared by, apart from the loss itself', () => {
  const line = epochLine(epochs[2]!, 0.0412);
  assert.equal(
    line,
    'epoch=3 train:loss=1.500000 validation:loss=1.250000 validation:accuracy=0.750000 validation:calibrated_loss=0.625000 ' +
      'learning_rate=0.002000 seconds=0.041',
  );
});

test('warnings advise hyperparameters', () => {
  const lines: string[] = [];
  const log = logEvents(
    (line) => lines.push(line),
    () => 0,
  );
  log({ type: 'warning', code: 'scatter-on-photos', message: 'Expect less than from --backbone resnet50 (98 MB).' });
  assert.deepEqual(lines, ['Warning: Expect less than from backbone=resnet50 (98 MB).']);
});

test('the log says where training stopped before its last epoch, and by what', () => {
  assert.deepEqual(endingLines({ stopped: 'early-stopping', epochs, bestEpoch: 5 }), [
    'Stopped early after epoch 15: validation:calibrated_loss has been no lower than in epoch 5 for 10 epochs (patience).',
  ]);
  assert.deepEqual(endingLines({ stopped: 'interrupted', epochs, bestEpoch: 5 }), [
    'Stopped after epoch 15; the best so far is saved.',
  ]);
  assert.deepEqual(endingLines({ stopped: 'completed', epochs, bestEpoch: 15 }), []);
});
