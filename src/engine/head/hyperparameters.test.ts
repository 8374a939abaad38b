import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isWhippetError } from '../../errors/index.ts';
import { hyperparameterTable } from './hyperparameter-table.ts';
import { defaultHeadOptions, expectation, hyperparameters, parseHyperparameters } from './hyperparameters.ts';

test('nothing given means the defaults, each of which is a possible value', () => {
  assert.deepEqual(parseHyperparameters({}), defaultHeadOptions);
  const texts = Object.fromEntries(Object.entries(defaultHeadOptions).map(([name, value]) => [name, String(value)]));
  assert.deepEqual(parseHyperparameters(texts), defaultHeadOptions);
});

test('text becomes numbers, choices and flags; hyphens are underscores', () => {
  const options = parseHyperparameters({
    learning_rate: '1e-3',
    'batch-size': ' 32 ',
    optimizer: 'sgd',
    standardize: 'false',
    weight_decay: '0',
  });
  assert.deepEqual(options, {
    ...defaultHeadOptions,
    learning_rate: 0.001,
    batch_size: 32,
    optimizer: 'sgd',
    standardize: false,
    weight_decay: 0,
  });
});

function refusal(raw: Record<string, string>) {
  try {
    parseHyperparameters(raw);
  } catch (error) {
    if (isWhippetError(error)) return error;
  }
  throw new Error(`${JSON.stringify(raw)} was accepted`);
}

test('an unknown name gets the nearest known one', () => {
  const error = refusal({ lerning_rate: '0.1' });
  assert.equal(error.code, 'WHIPPET_HEAD_UNKNOWN_HYPERPARAMETER');
  assert.equal(error.exitCode, 2);
  assert.match(error.remedy, /Did you mean learning_rate\?/);
  assert.doesNotMatch(refusal({ zzzzzzzzzzzzzzz: '1' }).remedy, /Did you mean/);
  assert.equal(refusal({ constructor: '1' }).code, 'WHIPPET_HEAD_UNKNOWN_HYPERPARAMETER');
});

test('impossible values are refused with the possible ones', () => {
  const impossible = {
    learning_rate: ['0', '-1', 'NaN', 'Infinity', 'fast', '', '11'],
    batch_size: ['0', '1.5', '-3'],
    epochs: ['0', '2.5'],
    optimizer: ['Adam', 'lbfgs', ''],
    momentum: ['1', '-0.1'],
    label_smoothing: ['1', '-0.1'],
    standardize: ['yes', '1'],
    hidden: ['-1', '0.5'],
  };
  for (const [name, values] of Object.entries(impossible)) {
    for (const value of values) {
      const error = refusal({ [name]: value });
      assert.equal(error.code, 'WHIPPET_HEAD_BAD_HYPERPARAMETER', `${name}=${value}`);
      assert.ok(error.message.includes(JSON.stringify(value)));
      assert.ok(error.remedy.includes(expectation(hyperparameters[name as keyof typeof hyperparameters])));
    }
  }
});

test('docs/head.md holds the table as it is', () => {
  const page = readFileSync(new URL('../../../docs/head.md', import.meta.url), 'utf8');
  assert.ok(page.includes(hyperparameterTable()), `replace the table by:\n${hyperparameterTable()}`);
});
