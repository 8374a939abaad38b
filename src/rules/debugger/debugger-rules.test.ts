import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TrainingRecord } from '../records.ts';
import { judge, open } from '../testing/judge.ts';
import { epoch, step, summary } from '../testing/records.ts';

const messages = (rule: string, parameters: Record<string, string>, records: readonly TrainingRecord[]) =>
  judge(rule, parameters, records).findings.map(({ message }) => message);

describe('VanishingGradient', () => {
  const withGradient = (absoluteMean: number) => [
    step(2),
    step(3, { gradients: { weight0: summary({ absoluteMean }) } }),
  ];

  test('fires below the threshold and not at it', () => {
    assert.equal(judge('VanishingGradient', {}, withGradient(1e-7)).findings.length, 0);
    const [finding] = judge('VanishingGradient', {}, withGradient(0.99e-7)).findings;
    assert.deepEqual(
      { ...finding, message: '', advice: '' },
      {
        ...{ rule: 'VanishingGradient', step: 3, tensor: 'gradients/weight0', value: 0.99e-7, threshold: 1e-7 },
        ...{ message: '', advice: '' },
      },
    );
  });

  test('takes the threshold of the job', () => {
    assert.equal(judge('VanishingGradient', { threshold: '0.5' }, withGradient(0.4)).findings.length, 1);
  });

  test('tells a tensor once and sums up the rest', () => {
    const records = Array.from({ length: 1000 }, (_, i) =>
      step(i, { gradients: { weight0: summary({ absoluteMean: 1e-9 / (i + 1) }) } }),
    );
    const [first, last, ...more] = judge('VanishingGradient', {}, records).findings;
    assert.equal(more.length, 0);
    assert.equal(first!.step, 1);
    assert.equal(last!.step, 999);
    assert.equal(last!.value, 1e-12);
    assert.match(last!.message, /step 1: .* It held 999 times in all, last at step 999; the lowest value was 1.00e-12/);
  });

  test('a gradient that begins as zero has not vanished', () => {
    assert.deepEqual(judge('VanishingGradient', {}, withGradient(0).slice(1)).findings, []);
  });

  test('the advice tells a batch that is learnt from silent units', () => {
    const zero = { gradients: { weight0: summary({ absoluteMean: 0 }) } };
    const advice = (over: Parameters<typeof step>[1]) =>
      judge('VanishingGradient', {}, [step(2), step(3, { ...zero, ...over })]).findings[0]?.advice;
    const units = { activations: { units: summary(), logits: summary() } };
    assert.match(advice({ loss: 0 })!, /pictures are learnt/);
    assert.match(advice({ loss: 0, ...units })!, /pictures are learnt/);
    assert.match(advice({ loss: 1, ...units })!, /silent/);
    assert.match(advice({ loss: 1 })!, /^If the loss is low by now.* raise learning_rate/);
  });

  test('NaN has not vanished', () => {
    assert.equal(judge('VanishingGradient', {}, withGradient(Number.NaN)).findings.length, 0);
  });
});

describe('ExplodingTensor', () => {
  const broken = (over: Partial<ReturnType<typeof summary>>) => [step(2, { weights: { weight0: summary(over) } })];

  test('fires on NaN and on infinite values', () => {
    assert.equal(judge('ExplodingTensor', {}, broken({})).findings.length, 0);
    const [finding] = judge('ExplodingTensor', {}, broken({ nan: 3, infinite: 2 })).findings;
    assert.equal(finding?.tensor, 'weights/weight0');
    assert.equal(finding?.value, 5);
  });

  test('only_nan lets infinite values pass', () => {
    assert.equal(judge('ExplodingTensor', { only_nan: 'True' }, broken({ infinite: 1 })).findings.length, 0);
    assert.equal(judge('ExplodingTensor', { only_nan: 'True' }, broken({ nan: 1 })).findings.length, 1);
  });

  test('the loss counts as well', () => {
    const [finding] = judge('ExplodingTensor', {}, [step(1, { loss: Number.POSITIVE_INFINITY })]).findings;
    assert.equal(finding?.tensor, 'losses/loss');
  });

  test('collections and expressions choose tensors: their union is looked at', () => {
    const records = [step(0, { weights: { weight0: summary({ nan: 1 }), bias0: summary({ nan: 1 }) } })];
    const tensors = (parameters: Record<string, string>) =>
      judge('ExplodingTensor', parameters, records).findings.map(({ tensor }) => tensor);
    assert.deepEqual(tensors({ collection_names: 'gradients' }), []);
    assert.deepEqual(tensors({ collection_names: 'biases' }), ['biases/bias0']);
    assert.deepEqual(tensors({ collection_names: 'biases', tensor_regex: '^weights/' }), [
      'weights/weight0',
      'biases/bias0',
    ]);
  });
});

describe('PoorWeightInitialization', () => {
  const logits = (variance: number) => summary({ variance });

  test('compares the variances of layers that the expression matches', () => {
    const at = (units: number) => [
      step(0, { activations: { units: summary({ variance: units }), logits: logits(1) } }),
    ];
    const all = { activation_inputs_regex: '.*' };
    assert.deepEqual(messages('PoorWeightInitialization', all, at(10)), []);
    assert.equal(messages('PoorWeightInitialization', all, at(10.1)).length, 1);
    assert.equal(messages('PoorWeightInitialization', all, at(0.09)).length, 1);
    assert.deepEqual(messages('PoorWeightInitialization', {}, at(1000)), [], 'one ReLU layer has nothing beside it');
  });

  test('the range of a gradient proves that its percentiles are close', () => {
    const at = (maximum: number) => [step(0, { gradients: { weight0: summary({ minimum: 0, maximum }) } })];
    assert.deepEqual(messages('PoorWeightInitialization', {}, at(0.001)), []);
    assert.equal(messages('PoorWeightInitialization', {}, at(0.00099)).length, 1);
  });

  test('a gradient that begins as 0, as before a hidden layer, is let pass; one that stays 0 is not', () => {
    const zero = summary({ minimum: 0, maximum: 0 });
    const at = (index: number): TrainingRecord[] => [
      step(index, { gradients: { weight0: zero } }),
      {
        ...{ kind: 'tensor', step: index, collection: 'gradients', name: 'weight0', dims: [9] },
        data: new Float32Array(9),
      },
    ];
    assert.deepEqual(messages('PoorWeightInitialization', {}, at(0)), []);
    assert.match(messages('PoorWeightInitialization', {}, at(1))[0]!, /gradient of weight0 is 0/);
  });

  test('percentiles come from whole gradients', () => {
    const tensor = (spread: number): TrainingRecord => ({
      ...{ kind: 'tensor', step: 4, collection: 'gradients', name: 'weight0', dims: [101] },
      // 0 to 100 hundredths of the spread, and two values far out: the 5th percentile is 0.05 of it, the 95th 0.95.
      data: Float32Array.from({ length: 101 }, (_, i) => (i === 0 ? -9 : i === 100 ? 9 : (i / 100) * spread)),
    });
    assert.deepEqual(messages('PoorWeightInitialization', {}, [tensor(0.0012)]), []);
    assert.match(
      messages('PoorWeightInitialization', {}, [tensor(0.0011)])[0]!,
      /percentile of the gradient of weight0/,
    );
  });

  test('the loss must fall within patience steps, in the first steps', () => {
    const flat = (from: number, count: number) => Array.from({ length: count }, (_, i) => step(from + i, { loss: 1 }));
    assert.deepEqual(messages('PoorWeightInitialization', {}, flat(0, 5)), []);
    assert.equal(messages('PoorWeightInitialization', {}, flat(0, 6)).length, 1);
    assert.deepEqual(messages('PoorWeightInitialization', {}, flat(10, 50)), [], 'later steps are not looked at');
  });
});

describe('LossNotDecreasing', () => {
  const losses = (values: readonly number[]) => values.map((loss, i) => step(i * 10, { loss }));

  test('a fall by less than diff_percent fires', () => {
    assert.deepEqual(messages('LossNotDecreasing', {}, losses([1, 0.9989])), []);
    assert.match(
      messages('LossNotDecreasing', {}, losses([1, 0.9991]))[0]!,
      /fell by only 0.1 % from step 0 to step 10/,
    );
    assert.equal(messages('LossNotDecreasing', { diff_percent: '50' }, losses([1, 0.6])).length, 1);
  });

  test('a rise is let pass up to increase_threshold_percent', () => {
    assert.deepEqual(messages('LossNotDecreasing', {}, losses([1, 1.049])), []);
    assert.match(messages('LossNotDecreasing', {}, losses([1, 1.06]))[0]!, /rose by 6 %/);
  });

  test('from a loss of 0 there is neither a fall nor a share by which it rises', () => {
    const { findings } = judge('LossNotDecreasing', {}, losses([0, 0, 0.5, 0, 0.5]));
    assert.deepEqual(
      findings.map(({ message }) => message),
      [
        'The loss fell by only 0 % from step 0 to step 10, 0 to 0.',
        'The loss rose from step 10 to step 20, 0 to 0.5.',
        'The loss rose from step 10 to step 20, 0 to 0.5. It held 2 times in all, last at step 40; the lowest value was minus infinite.',
      ],
    );
  });

  test('losses are compared num_steps apart, and no sooner', () => {
    const flat = Array.from({ length: 10 }, (_, i) => step(i, { loss: 1 }));
    assert.deepEqual(messages('LossNotDecreasing', {}, flat), []);
    assert.equal(messages('LossNotDecreasing', {}, [...flat, step(10, { loss: 1 })]).length, 1);
  });

  test('mode EVAL looks at the validation loss', () => {
    const records = [epoch(1, { validLoss: 1 }), epoch(2, { validLoss: 1 })];
    assert.equal(messages('LossNotDecreasing', { mode: 'EVAL' }, records).length, 1);
    assert.deepEqual(messages('LossNotDecreasing', {}, records), []);
  });

  test('a job may leave the loss out', () => {
    const nothing = { use_losses_collection: 'False', tensor_regex: 'accuracy' };
    assert.deepEqual(messages('LossNotDecreasing', nothing, losses([1, 1])), []);
  });
});

describe('Overfit', () => {
  const epochs = (ratios: readonly number[]) =>
    ratios.map((ratio, i) => epoch(i + 1, { trainLoss: 1, validLoss: 1 + ratio }));

  test('fires above the ratio and not at it', () => {
    assert.deepEqual(messages('Overfit', { ratio_threshold: '0.5' }, epochs([0.5])), []);
    const { findings } = judge('Overfit', { ratio_threshold: '0.5' }, epochs([0.75]));
    assert.equal(findings[0]?.value, 0.75);
  });

  test('patience asks for epochs in a row', () => {
    assert.deepEqual(messages('Overfit', { patience: '2' }, epochs([0.2, 0, 0.2, 0])), []);
    assert.equal(messages('Overfit', { patience: '2' }, epochs([0.2, 0.2])).length, 1);
  });

  test('start_step lets the first steps pass', () => {
    assert.deepEqual(messages('Overfit', { start_step: '10' }, epochs([5])), []);
    assert.equal(messages('Overfit', { start_step: '9' }, epochs([5])).length, 1);
  });

  test('a training loss of 0 has no ratio', () => {
    const learnt = [1, 2].map((number) => epoch(number, { trainLoss: 0, validLoss: 3 }));
    assert.deepEqual(messages('Overfit', {}, learnt), [
      'After epoch 1 the validation loss (3) was above the training loss, which was 0.',
      'After epoch 1 the validation loss (3) was above the training loss, which was 0. It held 2 times in all, last at step 19; the highest value was infinite.',
    ]);
  });

  test('the advice tells a gap from a rise', () => {
    const advice = (ratios: readonly number[]) =>
      judge('Overfit', { patience: '2' }, epochs(ratios)).findings[0]?.advice;
    assert.match(advice([0.5, 0.4])!, /still falls/);
    assert.match(advice([0.4, 0.5])!, /rises/);
  });
});

describe('Overtraining', () => {
  const stalled = (count: number, over: (epoch: number) => { trainLoss: number; validLoss: number }) =>
    Array.from({ length: count }, (_, i) => epoch(i + 1, over(i + 1)));

  test('a training loss without gain for patience_train epochs fires', () => {
    const flat = (n: number) => ({ trainLoss: 0.5, validLoss: 100 - n });
    assert.deepEqual(messages('Overtraining', {}, stalled(5, flat)), []);
    assert.match(messages('Overtraining', {}, stalled(6, flat))[0]!, /For 5 epochs the training loss/);
  });

  test('so does a validation loss for patience_validation epochs', () => {
    const flat = (n: number) => ({ trainLoss: 100 - n, validLoss: 0.5 });
    assert.deepEqual(messages('Overtraining', {}, stalled(10, flat)), []);
    assert.match(messages('Overtraining', {}, stalled(11, flat))[0]!, /For 10 epochs the validation loss/);
  });

  test('the advice goes by the validation loss', () => {
    const advice = (over: (epoch: number) => { trainLoss: number; validLoss: number }) =>
      judge('Overtraining', {}, stalled(14, over)).findings.at(-1)?.advice;
    const falling = (n: number) => 100 - n;
    assert.match(advice((n) => ({ trainLoss: 0.5, validLoss: falling(n) }))!, /went on to fall, until epoch 14 so far/);
    assert.match(advice((n) => ({ trainLoss: falling(n), validLoss: 0.5 }))!, /gain nothing: set epochs to about 1,/);
    const late = advice((n) => ({ trainLoss: falling(Math.min(n, 3)), validLoss: falling(Math.min(n, 2)) }));
    assert.match(late!, /gain nothing: set epochs to about 2,/);
  });

  test('a gain counts from delta on', () => {
    const gains = (gain: number) => stalled(30, (n) => ({ trainLoss: 100 - n * gain, validLoss: 100 - n * gain }));
    assert.deepEqual(messages('Overtraining', { delta: '0.5' }, gains(0.5)), []);
    // Steps of 0.25 add up to 0.5 every second epoch: no patience of five runs out.
    assert.deepEqual(messages('Overtraining', { delta: '0.5' }, gains(0.25)), []);
    assert.notDeepEqual(messages('Overtraining', { delta: '0.5' }, gains(0.0625)), []);
  });
});

describe('ClassImbalance', () => {
  const inputs = (trainPictures: readonly number[], classWeights: 'none' | 'balanced' = 'none'): TrainingRecord => ({
    ...{ kind: 'inputs', classes: ['cat', 'dog'], trainPictures, classWeights },
  });

  test('fires above the ratio of the classes and not at it', () => {
    assert.deepEqual(messages('ClassImbalance', {}, [inputs([600, 60])]), []);
    assert.match(messages('ClassImbalance', {}, [inputs([60, 601])])[0]!, /dog has 601 training pictures, cat has 60/);
  });

  test('waits for samples, and says so', () => {
    const { findings, note } = judge('ClassImbalance', {}, [inputs([100, 1])]);
    assert.deepEqual(findings, []);
    assert.match(note!, /500 labels.*101 pictures/);
    assert.equal(messages('ClassImbalance', { samples: '101' }, [inputs([100, 1])]).length, 1);
  });

  test('does not advise what is done already, or what would not help', () => {
    const wrong = epoch(1, { validMistakes: [50, 0] });
    const advice = (...of: Parameters<typeof inputs>) =>
      judge('ClassImbalance', { samples: '100' }, [inputs(...of), wrong]).findings.map((finding) => finding.advice);
    for (const one of advice([600, 1])) assert.match(one, /or set class_weights to balanced/);
    assert.equal(advice([600, 1], 'balanced').length, 2);
    for (const one of advice([600, 1], 'balanced')) assert.doesNotMatch(one, /class_weights/);
    assert.equal(advice([600, 0])[0], 'Add pictures of dog: without any it cannot be learnt.');
    assert.match(messages('ClassImbalance', {}, [inputs([600, 0])])[0]!, /, dog has none\.$/);
  });

  test('mistakes of a class count over the newest epochs that hold samples labels', () => {
    const wrong = (number: number, mistakes: number) => epoch(number, { validMistakes: [mistakes, 0] });
    const of = (counts: readonly number[]) =>
      messages('ClassImbalance', { samples: '200' }, [
        inputs([100, 100]),
        ...counts.map((mistakes, i) => wrong(i + 1, mistakes)),
      ]);
    assert.deepEqual(of([50]), [], 'one epoch holds 100 labels');
    assert.deepEqual(of([35, 35]), [], '70 of 100 is not above 0.7');
    assert.match(of([35, 36])[0]!, /pictures of cat in valid, 71 %/);
    assert.deepEqual(of([20, 50, 20, 50]), []);
    assert.equal(of([0, 0, 36, 36]).length, 1, 'older epochs no longer count');
  });
});

describe('CheckInputImages', () => {
  const inputs = (mean: number, pictures: number): TrainingRecord => ({
    ...{ kind: 'inputs', classes: ['cat', 'dog'], trainPictures: [300, 300], classWeights: 'none' },
    pixels: { mean, pictures },
  });

  test('fires above the threshold on either side of 0', () => {
    assert.deepEqual(messages('CheckInputImages', {}, [inputs(0.2, 500), inputs(-0.2, 500)]), []);
    assert.equal(messages('CheckInputImages', {}, [inputs(0.21, 500)]).length, 1);
    assert.equal(messages('CheckInputImages', {}, [inputs(-0.21, 500)]).length, 1);
  });

  test('waits for threshold_samples pictures, and says so', () => {
    const { findings, note } = judge('CheckInputImages', {}, [inputs(0.9, 499)]);
    assert.deepEqual(findings, []);
    assert.match(note!, /500 pictures.*499/);
  });
});

describe('StalledTrainingRule', () => {
  const start = 1_700_000_000;

  test('fires once the threshold is past, and again after a new stall', () => {
    const rule = open('StalledTrainingRule', { threshold: '100' });
    assert.deepEqual(rule.tick(start + 100), []);
    const [finding] = rule.tick(start + 101);
    assert.equal(finding?.value, 101);
    assert.equal(finding.message, 'No progress for 101 seconds; no step was taken yet.');
    assert.deepEqual(rule.tick(start + 5000), [], 'a stall is told once');
    rule.observe(step(7));
    assert.deepEqual(rule.tick(start + 5100), []);
    assert.deepEqual(rule.tick(start + 5200), []);
    rule.tick(start + 5201);
    assert.match(rule.finish()[0]!.message, /It held 2 times in all, last at 2023-11-14T23:40:01Z/);
  });

  test('pictures that are extracted count as progress', () => {
    const rule = open('StalledTrainingRule', { threshold: '100' });
    for (let second = 90; second < 1000; second += 90) {
      rule.observe({ kind: 'progress', stage: 'features', done: second, total: 1000 });
      assert.deepEqual(rule.tick(start + second), []);
    }
  });
});
