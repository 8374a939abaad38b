import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bestOf, createSearch, type Point, type Trial } from './index.ts';
import { branin, hartmann6, mixed, type TestProblem } from './problems.fixture.ts';
import { median, type RegretOptions, regretOf } from './regret.fixture.ts';

const seeds = 7;
const failed = { state: 'failed' } as const;

function medians(problem: TestProblem, options: Omit<RegretOptions, 'seed' | 'strategy'>) {
  const over = (strategy: 'bayesian' | 'random') =>
    median(Array.from({ length: seeds }, (_, seed) => regretOf(problem, { ...options, strategy, seed })));
  return { bayesian: over('bayesian'), random: over('random') };
}

describe('Bayesian search', () => {
  for (const [name, problem, share] of [
    ['Branin', branin, 0.05],
    ['Hartmann-6', hartmann6, 0.4],
    ['log, integer and categorical parameters', mixed, 0.05],
  ] as const) {
    it(`comes closer to the optimum than random search: ${name}, 30 trials`, () => {
      const { bayesian, random } = medians(problem, { trials: 30, parallel: 1 });
      assert.ok(bayesian < share * random, `median regret ${bayesian}, random ${random}`);
    });
  }

  it('gains from trials that end while others run', () => {
    const { bayesian, random } = medians(branin, { trials: 24, parallel: 4 });
    assert.ok(bayesian < 0.5 * random, `median regret ${bayesian}, random ${random}`);
  });

  it('sends trials that run at the same time to different places', () => {
    const search = createSearch({ strategy: 'bayesian', ranges: branin.ranges, objective: 'minimize', seed: 1 });
    const history: Trial[] = [];
    for (let i = 0; i < 12; i++) {
      const { point } = search.suggest(history)!;
      history.push({ point, state: 'finished', value: branin.value(point) });
    }
    const running: Trial[] = [];
    while (running.length < 4)
      running.push({ point: search.suggest([...history, ...running])!.point, state: 'running' });
    for (const [i, a] of running.entries()) {
      for (const b of running.slice(i + 1)) {
        const distance = Math.hypot(Number(a.point.x1) - Number(b.point.x1), Number(a.point.x2) - Number(b.point.x2));
        assert.ok(distance > 0.2, `${JSON.stringify(a.point)} and ${JSON.stringify(b.point)}`);
      }
    }
  });

  it('keeps away from where trials fail, and still finds what lies beside', () => {
    // Two fifths of the range fail: as often as that, a search that does not learn.
    const failing = (point: Point): boolean => Number(point.learning_rate) > 0.01;
    const searches = Array.from({ length: 7 }, (_, seed) => {
      const search = createSearch({ strategy: 'bayesian', ranges: mixed.ranges, objective: 'maximize', seed });
      const history: Trial[] = [];
      while (history.length < 30) {
        const { point } = search.suggest(history)!;
        history.push({ point, ...(failing(point) ? failed : { state: 'finished', value: mixed.value(point) }) });
      }
      return history;
    });
    const failures = median(searches.map((trials) => trials.filter(({ point }) => failing(point)).length));
    assert.ok(failures <= 6, `${failures} of 30 failed`);
    const regret = median(searches.map((trials) => mixed.optimum - bestOf(trials, 'maximize')!.value));
    assert.ok(regret < 0.005, `regret ${regret}`);
  });

  it('does not try nearly the same point again where an accuracy rises in steps towards an end', () => {
    const minimum = 0.001;
    const orders = (point: Point): number => Math.log10(Number(point.learning_rate) / minimum);
    const ranges = [
      { kind: 'continuous', name: 'learning_rate', minimum, maximum: 0.1, scaling: 'Logarithmic' },
    ] as const;
    const search = createSearch({ strategy: 'bayesian', ranges, objective: 'maximize', seed: 0 });
    const history: Trial[] = [];
    while (history.length < 20) {
      const { point } = search.suggest(history)!;
      history.push({ point, state: 'finished', value: Math.round(40 * (0.93 - 0.15 * orders(point))) / 40 });
    }
    const sorted = history.map(({ point }) => orders(point) / 2).sort((a, b) => a - b);
    const gaps = sorted.slice(1).map((share, i) => share - sorted[i]!);
    assert.ok(Math.min(...gaps) > 0.00499, `gaps ${gaps}`);
    assert.equal(bestOf(history, 'maximize')!.value, 0.925);
  });

  it('tries what is left where everything is near a tried point', () => {
    const ranges = [{ kind: 'integer', name: 'hidden', minimum: 1, maximum: 300, scaling: 'Linear' }] as const;
    const search = createSearch({ strategy: 'bayesian', ranges, objective: 'maximize', seed: 0 });
    const history = Array.from({ length: 300 }, (_, i): Trial => {
      return { point: { hidden: i + 1 }, state: 'finished', value: Math.sin(i) };
    });
    const others = history.filter(({ point }) => point.hidden !== 77);
    assert.deepEqual(search.suggest(others)?.point, { hidden: 77 });
  });

  it('is not thrown off by one absurd value', () => {
    const spoilt: TestProblem = {
      ...branin,
      value: (point) => (Number(point.x1) < -3 ? 1e9 : branin.value(point)),
    };
    const { bayesian, random } = medians(spoilt, { trials: 24, parallel: 1 });
    assert.ok(bayesian < 0.3 * random, `median regret ${bayesian}, random ${random}`);
  });
});
