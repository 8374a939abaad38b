import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRange } from './tune-ranges.ts';

describe('ranges on the command line', () => {
  it('are numbers with a scale, by the kind of the hyperparameter', () => {
    assert.deepEqual(parseRange('learning_rate=0.001..0.1:log'), {
      ...{ kind: 'continuous', name: 'learning_rate', minimum: 0.001, maximum: 0.1, scaling: 'Logarithmic' },
    });
    assert.deepEqual(parseRange('epochs=5..50'), {
      ...{ kind: 'integer', name: 'epochs', minimum: 5, maximum: 50, scaling: 'Auto' },
    });
    assert.deepEqual(parseRange(' momentum = 0.5 .. 0.99 : reverse-log '), {
      ...{ kind: 'continuous', name: 'momentum', minimum: 0.5, maximum: 0.99, scaling: 'ReverseLogarithmic' },
    });
  });

  it('are values to choose from, with the names that flags have', () => {
    assert.deepEqual(parseRange('batch-size=32,64, 128'), {
      ...{ kind: 'categorical', name: 'batch_size', values: ['32', '64', '128'] },
    });
    assert.deepEqual(parseRange('head=0,64'), { kind: 'categorical', name: 'hidden', values: ['0', '64'] });
    assert.deepEqual(parseRange('optimizer=adam'), { kind: 'categorical', name: 'optimizer', values: ['adam'] });
  });

  it('name what is wrong', () => {
    const wrong: [string, string, RegExp][] = [
      ['learning_rate', 'WHIPPET_TUNING_RANGE', /NAME=MINIMUM\.\.MAXIMUM/],
      [
        'learning_rat=1..2',
        'WHIPPET_TUNING_RANGE',
        /: there is no [^.]*"learning_rat" \(did you mean learning_rate\?\)\.$/,
      ],
      ['optimizer=1..2', 'WHIPPET_TUNING_RANGE', /optimizer is no number/],
      ['learning_rate=0.1..x', 'WHIPPET_TUNING_RANGE', /"x" is not a number/],
      ['learning_rate=0.1..0.2:cubic', 'WHIPPET_TUNING_RANGE', /"cubic" is no scale/],
      ['learning_rate=0..0.1', 'WHIPPET_HEAD_BAD_HYPERPARAMETER', /learning_rate/],
      ['batch_size=1.5..8', 'WHIPPET_HEAD_BAD_HYPERPARAMETER', /1\.5/],
      ['optimizer=adam,lion', 'WHIPPET_HEAD_BAD_HYPERPARAMETER', /lion/],
      ['constructor=1', 'WHIPPET_TUNING_RANGE', /no hyperparameter/],
    ];
    for (const [text, code, message] of wrong) assert.throws(() => parseRange(text), { code, message }, text);
  });
});
