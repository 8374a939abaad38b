import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrainingRun } from '../../engine/index.ts';
import { chanceLines } from './training-log.ts';

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
