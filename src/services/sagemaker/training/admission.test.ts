import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trainingRequest } from '../state.fixture.ts';
import { coresOf, threadsOf } from './admission.ts';

const job = (instances: number, share = 1) => ({ request: JSON.stringify(trainingRequest('a', instances)), share });

test('an instance gets its part of the cores, and one thread at least', () => {
  assert.equal(threadsOf(job(1), 8), 8);
  assert.equal(threadsOf(job(3), 8), 2);
  assert.equal(threadsOf(job(1, 2), 8), 4);
  assert.equal(threadsOf(job(20), 8), 1);
});

test('what nobody uses is for a job that begins, and it is in line with its part all the same', () => {
  assert.equal(threadsOf(job(1, 4), 8, 8), 8);
  assert.equal(threadsOf(job(2, 2), 8, 7), 3);
  assert.equal(threadsOf(job(1, 2), 8, 1), 4);
  assert.equal(coresOf(job(1, 4), 8), 2);
});

test('a job has the cores of all its instances', () => {
  assert.deepEqual([coresOf(job(1), 8), coresOf(job(3), 8), coresOf(job(1, 2), 8), coresOf(job(20), 8)], [8, 6, 4, 20]);
});
