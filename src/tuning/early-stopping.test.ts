import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stopEarly } from './index.ts';

/** Running averages after three epochs: 0.5, 0.6, 0.8; their median 0.6. */
const earlier = [
  [0.3, 0.5, 0.7, 0.9],
  [0.6, 0.6, 0.6],
  [0.8, 0.8, 0.8],
];

describe('the median rule', () => {
  it('stops what is worse than the median of the running averages, and nothing else', () => {
    const stops = (now: number): boolean => stopEarly({ running: [0.1, 0.1, now], earlier, objective: 'maximize' });
    assert.equal(stops(0.59), true);
    assert.equal(stops(0.6), false);
    assert.equal(stops(0.61), false);
  });

  it('turns round where the objective is to be small', () => {
    const stops = (now: number): boolean => stopEarly({ running: [1, 1, now], earlier, objective: 'minimize' });
    assert.equal(stops(0.61), true);
    assert.equal(stops(0.6), false);
  });

  it('compares at the same epoch only: trials that ended before it have no say', () => {
    const running = [0.1, 0.1, 0.1, 0.1];
    assert.equal(stopEarly({ running, earlier, objective: 'maximize' }), false);
    assert.equal(stopEarly({ running, earlier, objective: 'maximize', minimumTrials: 1 }), true);
  });

  it('takes the mean of the middle two of an even number', () => {
    const four = [[0.2], [0.4], [0.6], [0.8]];
    const stops = (now: number): boolean =>
      stopEarly({ running: [now], earlier: four, objective: 'maximize', minimumEpochs: 1 });
    assert.equal(stops(0.49), true);
    assert.equal(stops(0.51), false);
  });

  it('waits for enough trials and epochs', () => {
    const worst = { objective: 'maximize', earlier } as const;
    assert.equal(stopEarly({ ...worst, running: [0] }), false);
    assert.equal(stopEarly({ ...worst, running: [0, 0] }), false);
    assert.equal(stopEarly({ ...worst, running: [] }), false);
    assert.equal(stopEarly({ ...worst, running: [0, 0, 0], earlier: earlier.slice(1) }), false);
    assert.equal(stopEarly({ ...worst, running: [0, 0, 0], earlier: [] }), false);
  });

  it('stops what is no number, and does not compare with such', () => {
    assert.equal(stopEarly({ running: [1, 1, Number.NaN], earlier, objective: 'maximize' }), true);
    const broken = [...earlier, [Number.NaN, 0, 0]];
    assert.equal(stopEarly({ running: [1, 1, 0.59], earlier: broken, objective: 'maximize' }), true);
    assert.equal(stopEarly({ running: [1, 1, 0.61], earlier: broken, objective: 'maximize' }), false);
  });
});
