import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bestOf, isFailed, type TestedTrial, winnerOf } from './index.ts';

function trial(value: number | undefined, more: Partial<TestedTrial> = {}): TestedTrial {
  return { point: {}, state: 'finished', value, ...more };
}

describe('the best trial', () => {
  it('has the best value, and is the earliest of equal ones', () => {
    const trials = [trial(0.5), trial(0.9), trial(0.9), trial(0.1)];
    assert.equal(bestOf(trials, 'maximize'), trials[1]);
    assert.equal(bestOf(trials, 'minimize'), trials[3]);
  });

  it('is none that runs, failed or gave no number', () => {
    const none = [trial(9, { state: 'running' }), trial(undefined), trial(Number.NaN), trial(Infinity)];
    assert.equal(bestOf(none, 'maximize'), undefined);
    assert.deepEqual(none.map(isFailed), [false, true, true, true]);
  });
});

describe('the winner', () => {
  it('is above chance though one at chance is better by the objective', () => {
    const trials = [trial(0.2, { pValue: 0.4 }), trial(0.7, { pValue: 1e-6 }), trial(0.9, { pValue: 1e-9 })];
    assert.equal(winnerOf(trials, 'minimize'), trials[1]);
  });

  it('needs the more evidence, the more trials it was picked from', () => {
    const lucky = trial(0.5, { pValue: 0.01 });
    const others = Array.from({ length: 4 }, () => trial(0.4, { pValue: 0.6 }));
    assert.equal(winnerOf([lucky, ...others.slice(0, 3)], 'maximize'), lucky);
    assert.equal(winnerOf([lucky, ...others], 'maximize'), undefined);
  });

  it('is none of those that nobody tested', () => {
    assert.equal(winnerOf([trial(0.99)], 'maximize'), undefined);
  });
});
