import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createSearch,
  fromText,
  type ParameterRange,
  type Point,
  problemsOf,
  type Strategy,
  type Trial,
  toText,
} from './index.ts';
import { hartmann6, mixed } from './problems.fixture.ts';

const strategies: readonly Strategy[] = ['bayesian', 'random'];

const small: readonly ParameterRange[] = [
  { kind: 'categorical', name: 'batch', values: ['32', '64', '128'] },
  { kind: 'integer', name: 'layers', minimum: 1, maximum: 4, scaling: 'Auto' },
  { kind: 'categorical', name: 'optimizer', values: ['adam', 'sgd'] },
];

type Outcome = (point: Point, index: number) => Omit<Trial, 'point'>;

/** All trials of a search, until it ends or there are enough. */
function trialsOf(
  options: { strategy: Strategy; ranges: readonly ParameterRange[]; seed?: number },
  { count, outcome }: { count: number; outcome: Outcome },
): Trial[] {
  const search = createSearch({ objective: 'maximize', seed: 0, ...options });
  const trials: Trial[] = [];
  while (trials.length < count) {
    const suggestion = search.suggest(trials);
    if (!suggestion) break;
    assert.deepEqual(suggestion.text, toText(suggestion.point));
    trials.push({ point: suggestion.point, ...outcome(suggestion.point, trials.length) });
  }
  return trials;
}

function inRange(point: Point, ranges: readonly ParameterRange[]): boolean {
  return ranges.every((range) => {
    const value = point[range.name];
    if (range.kind === 'categorical') return range.values.includes(String(value));
    if (typeof value !== 'number' || value < range.minimum || value > range.maximum) return false;
    return range.kind === 'continuous' || Number.isInteger(value);
  });
}

const finished: Outcome = (point) => ({ state: 'finished', value: mixed.value(point) });

describe('a search', () => {
  for (const strategy of strategies) {
    it(`gives the same trials for the same seed, and others for another (${strategy})`, () => {
      const options = { strategy, ranges: mixed.ranges };
      const points = (seed: number) => trialsOf({ ...options, seed }, { count: 12, outcome: finished });
      assert.deepEqual(points(3), points(3));
      assert.notDeepEqual(points(3), points(4));
    });

    it(`stays in its ranges (${strategy})`, () => {
      const trials = trialsOf({ strategy, ranges: mixed.ranges }, { count: 25, outcome: finished });
      assert.ok(trials.every(({ point }) => inRange(point, mixed.ranges)));
    });

    it(`tries each of finitely many points once, and then ends (${strategy})`, () => {
      const outcome: Outcome = (_, i) => ({ state: 'finished', value: Math.sin(i) });
      const trials = trialsOf({ strategy, ranges: small }, { count: 100, outcome });
      assert.equal(trials.length, 24);
      assert.equal(new Set(trials.map(({ point }) => JSON.stringify(point))).size, 24);
      assert.ok(trials.every(({ point }) => inRange(point, small)));
    });

    it(`goes on though nothing finishes (${strategy})`, () => {
      for (const outcome of [
        () => ({ state: 'running' as const }),
        () => ({ state: 'failed' as const }),
        () => ({ state: 'finished' as const, value: Number.NaN }),
        () => ({ state: 'finished' as const, value: 1 }),
      ]) {
        const trials = trialsOf({ strategy, ranges: mixed.ranges }, { count: 20, outcome });
        assert.equal(new Set(trials.map(({ point }) => JSON.stringify(point))).size, 20);
      }
    });
  }

  it('gives random points that do not depend on outcomes', () => {
    const options = { strategy: 'random', ranges: mixed.ranges } as const;
    const points = (outcome: Outcome) => trialsOf(options, { count: 10, outcome }).map(({ point }) => point);
    assert.deepEqual(
      points(finished),
      points(() => ({ state: 'failed' })),
    );
  });

  it('lists a grid in order, whatever was tried before', () => {
    const ranges = small.filter(({ kind }) => kind === 'categorical');
    assert.deepEqual(problemsOf({ strategy: 'grid', ranges, parallel: 1 }), []);
    const trials = trialsOf({ strategy: 'grid', ranges }, { count: 100, outcome: () => ({ state: 'running' }) });
    assert.deepEqual(
      trials.map(({ point }) => `${point.batch} ${point.optimizer}`),
      ['32 adam', '32 sgd', '64 adam', '64 sgd', '128 adam', '128 sgd'],
    );
  });

  it('takes a point that its texts give back', () => {
    for (const { point } of trialsOf({ strategy: 'random', ranges: mixed.ranges }, { count: 50, outcome: finished })) {
      assert.deepEqual(fromText({ ...toText(point), epochs: '30' }, mixed.ranges), point);
    }
    assert.equal(fromText({}, mixed.ranges), undefined);
    assert.equal(fromText({ ...toText(hartmann6Point()), x3: 'wide' }, hartmann6.ranges), undefined);
  });
});

function hartmann6Point(): Point {
  return Object.fromEntries(hartmann6.ranges.map(({ name }) => [name, 0.5]));
}
