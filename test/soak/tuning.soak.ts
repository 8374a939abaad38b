/** The search against random search over 50 seeds: what the unit tests try with fewer. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { branin, hartmann6, mixed } from '../../src/tuning/problems.fixture.ts';
import { median, regretOf } from '../../src/tuning/regret.fixture.ts';

for (const [name, problem] of Object.entries({ branin, hartmann6, mixed })) {
  for (const { trials, parallel } of [
    { trials: 16, parallel: 2 },
    { trials: 30, parallel: 1 },
    { trials: 40, parallel: 10 },
  ]) {
    it(`Bayesian search beats random search in the median of 50 seeds: ${name}, ${trials} trials, ${parallel} at a time`, () => {
      const over = (strategy: 'bayesian' | 'random'): number =>
        median(Array.from({ length: 50 }, (_, seed) => regretOf(problem, { strategy, seed, trials, parallel })));
      const [bayesian, random] = [over('bayesian'), over('random')];
      assert.ok(bayesian < random, `median regret ${bayesian}, random ${random}`);
    });
  }
}
