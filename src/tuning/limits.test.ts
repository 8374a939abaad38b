import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import {
  type ParameterRange,
  problemsOf,
  type ScalingType,
  type SearchPlan,
  type TuningProblem,
  tuningLimits,
} from './index.ts';

const rate: ParameterRange = { kind: 'continuous', name: 'rate', minimum: 0.001, maximum: 0.1, scaling: 'Logarithmic' };
const batch: ParameterRange = { kind: 'categorical', name: 'batch', values: ['32', '64'] };
const good: SearchPlan = { strategy: 'bayesian', ranges: [rate, batch], trials: 750, parallel: 10 };

function problems(change: Partial<SearchPlan>): TuningProblem['code'][] {
  return problemsOf({ ...good, ...change }).map(({ code }) => code);
}

function numeric(kind: 'continuous' | 'integer', minimum: number, maximum: number, scaling: ScalingType = 'Auto') {
  return problems({ ranges: [{ kind, name: 'x', minimum, maximum, scaling }] });
}

describe('what can be searched', () => {
  it('is everything up to the limits', () => {
    assert.deepEqual(problems({}), []);
    assert.deepEqual(problems({ strategy: 'grid', ranges: [batch], trials: undefined }), []);
    const thirty = Array.from({ length: 30 }, (_, i) => ({ ...rate, name: `x${i}` }));
    assert.deepEqual(problems({ ranges: thirty }), []);
  });

  it('is not more than the limits, and not nothing', () => {
    assert.deepEqual(problems({ ranges: [] }), ['no-parameters']);
    const many = Array.from({ length: 31 }, (_, i) => ({ ...rate, name: `x${i}` }));
    assert.deepEqual(problems({ ranges: many }), ['too-many-parameters']);
    const values = Array.from({ length: 31 }, String);
    assert.deepEqual(problems({ ranges: [{ ...batch, values }] }), ['too-many-values']);
    assert.deepEqual(problems({ ranges: [{ ...batch, values: [] }] }), ['no-values']);
    for (const trials of [0, 751, 1.5]) assert.deepEqual(problems({ trials }), ['trials']);
    for (const parallel of [0, 11, Number.NaN]) assert.deepEqual(problems({ parallel }), ['parallel']);
  });

  it('has a name once and a value once', () => {
    assert.deepEqual(problems({ ranges: [rate, rate, rate] }), ['duplicate-parameter']);
    assert.deepEqual(problems({ ranges: [{ ...batch, values: ['1', '2', '1'] }] }), ['duplicate-value']);
  });

  it('has ends that are numbers in order', () => {
    assert.deepEqual(numeric('continuous', Number.NaN, 1), ['not-a-number']);
    assert.deepEqual(numeric('continuous', 0, Number.POSITIVE_INFINITY), ['not-a-number']);
    assert.deepEqual(numeric('continuous', 2, 1), ['reversed']);
    assert.deepEqual(numeric('integer', 1.5, 3), ['not-whole']);
    assert.deepEqual(numeric('integer', 1, 1), []);
  });

  it('has a scale that suits its ends', () => {
    assert.deepEqual(numeric('continuous', 0, 1, 'Logarithmic'), ['scaling']);
    assert.deepEqual(numeric('integer', 0, 9, 'Logarithmic'), ['scaling']);
    assert.deepEqual(numeric('continuous', 0, 0.999, 'ReverseLogarithmic'), []);
    assert.deepEqual(numeric('continuous', 0, 1, 'ReverseLogarithmic'), ['scaling']);
    assert.deepEqual(numeric('continuous', -0.1, 0.5, 'ReverseLogarithmic'), ['scaling']);
    assert.deepEqual(numeric('integer', 0, 0, 'ReverseLogarithmic'), ['scaling']);
  });

  it('is what docs/tuning.md says', () => {
    const page = readFileSync(new URL('../../docs/tuning.md', import.meta.url), 'utf8');
    const { parameters, values, parallel, trials } = tuningLimits;
    const told = `at most ${parameters} parameters, ${values} values of a category, ${parallel} trials at a time and ${trials} trials`;
    assert.ok(page.replaceAll(/\s+/g, ' ').includes(told), told);
  });

  it('is categorical in a grid, and the message names the parameter', () => {
    const found = problemsOf({ ...good, strategy: 'grid' });
    assert.deepEqual(found, [
      {
        code: 'grid-needs-categories',
        parameter: 'rate',
        message: '"rate" is continuous; a grid is made of categorical parameters.',
      },
    ]);
  });
});
