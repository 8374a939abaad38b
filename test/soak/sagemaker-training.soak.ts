import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryFolder } from '../server/running.ts';
import { killTraining } from '../server/sagemaker-kill.ts';

const jobs = 20;
const killsOfEach = 5;

test('a hundred kills of servers, five to a training job: every job comes to its model, and no process survives', async (t) => {
  let restarts = 0;
  for (let job = 0; job < jobs; job++) {
    const seed = `soak/${job}`;
    const summary = await killTraining({ directory: await temporaryFolder(t), seed, rounds: killsOfEach });
    assert.equal(summary.completed, 1, seed);
    restarts += summary.restarts;
  }
  t.diagnostic(`${jobs * killsOfEach} kills, ${restarts} restarts`);
  assert.ok(restarts > jobs);
});
