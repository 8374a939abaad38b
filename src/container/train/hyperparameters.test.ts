import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readHyperparameters } from './hyperparameters.ts';

describe('hyperparameters of a job', () => {
  it('are read plain, as JSON texts and with hyphens', () => {
    const wish = readHyperparameters({
      ...{ optimizer: '"adam"', 'learning-rate': '0.01', head: '"128"', standardize: 'false' },
      ...{ backbone: '"scatter"', seed: '7', audit: 'False', mean: '[0.5, 0.4, 0.3]', resize: 'squash', size: 64 },
    });
    assert.deepEqual(wish.head, { optimizer: 'adam', learning_rate: '0.01', hidden: '128', standardize: 'false' });
    assert.equal(wish.backbone, 'scatter');
    assert.equal(wish.seed, 7);
    assert.equal(wish.audit, false);
    assert.deepEqual(wish.preprocessing, { size: 64, resize: 'squash', mean: [0.5, 0.4, 0.3] });
  });

  it('are the defaults where there are none, and pass over what SageMaker adds', () => {
    const wish = readHyperparameters({ sagemaker_program: '"train.py"', sagemaker_region: '"us-east-1"' });
    assert.deepEqual(wish.head, {});
    assert.deepEqual(wish.preprocessing, {});
    const { seed, audit, pictures, strict, allowLeakage, evaluateTest, objective } = wish;
    assert.deepEqual([seed, audit, pictures, strict, allowLeakage, evaluateTest], [0, true, true, false, false, false]);
    assert.equal(objective, undefined);
  });

  it('tell a trial by its objective', () => {
    assert.equal(readHyperparameters({ _tuning_objective_metric: '"validation:loss"' }).objective, 'validation:loss');
  });

  const refused: readonly [Readonly<Record<string, unknown>>, string, RegExp][] = [
    [{ learning_rat: '0.1' }, 'WHIPPET_CONTAINER_UNKNOWN_HYPERPARAMETER', /Did you mean learning_rate\?/],
    [{ constructor: '1' }, 'WHIPPET_CONTAINER_UNKNOWN_HYPERPARAMETER', /learning_rate/],
    [{ toString: '1' }, 'WHIPPET_CONTAINER_UNKNOWN_HYPERPARAMETER', /learning_rate/],
    [{ ['__proto__']: '1' }, 'WHIPPET_CONTAINER_UNKNOWN_HYPERPARAMETER', /learning_rate/],
    [{ audit: 'constructor' }, 'WHIPPET_CONTAINER_HYPERPARAMETER', /./],
    [{ learning_rate: 'fast' }, 'WHIPPET_HEAD_BAD_HYPERPARAMETER', /./],
    [{ epochs: '1.5' }, 'WHIPPET_HEAD_BAD_HYPERPARAMETER', /./],
    [{ seed: '' }, 'WHIPPET_CONTAINER_HYPERPARAMETER', /./],
    [{ audit: 'maybe' }, 'WHIPPET_CONTAINER_HYPERPARAMETER', /./],
    [{ labels: '../../other/labels.csv' }, 'WHIPPET_CONTAINER_HYPERPARAMETER', /./],
    [{ labels: '"/etc/passwd"' }, 'WHIPPET_CONTAINER_HYPERPARAMETER', /./],
    [{ backbone: 'onnx:/home/model.onnx' }, 'WHIPPET_CONTAINER_HYPERPARAMETER', /./],
    [{ backbone: 'onnx:../model.onnx' }, 'WHIPPET_CONTAINER_HYPERPARAMETER', /./],
    [{ mean: '0.1,0.2' }, 'WHIPPET_CONTAINER_HYPERPARAMETER', /./],
    [{ head: '1', hidden: '2' }, 'WHIPPET_CONTAINER_HYPERPARAMETER_TWICE', /./],
    [{ _tuning_objective_metric: 'test:accuracy' }, 'WHIPPET_CONTAINER_OBJECTIVE_ON_TEST', /./],
    [{ _tuning_objective_metric: '"test:loss"' }, 'WHIPPET_CONTAINER_OBJECTIVE_ON_TEST', /./],
    [
      { _tuning_objective_metric: 'validation:loss', evaluate_test: 'true' },
      'WHIPPET_CONTAINER_TEST_IN_TUNING',
      /StaticHyperParameters/,
    ],
  ];
  for (const [given, code, remedy] of refused) {
    it(`refuse ${JSON.stringify(given)}`, () => {
      assert.throws(() => readHyperparameters(given), { code, remedy });
    });
  }
});
