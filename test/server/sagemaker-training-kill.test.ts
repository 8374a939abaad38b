import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryFolder } from './running.ts';
import { killTraining } from './sagemaker-kill.ts';

/** `npm run soak` kills a hundred. */
test('a server that was killed takes its training jobs up again, and leaves no process behind', {
  timeout: 120_000,
  skip: process.platform !== 'linux',
}, async (t) => {
  const summary = await killTraining({ directory: await temporaryFolder(t), seed: 'test', rounds: 2 });
  t.diagnostic(JSON.stringify(summary));
  assert.equal(summary.completed, 1);
  assert.ok(summary.restarts > 0);
});
