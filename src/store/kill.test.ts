import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killRounds } from './kill.fixture.ts';
import { temporaryFolder } from './store.fixture.ts';

test('killed at random moments, the state has all that was acknowledged, whole, and nothing else', async (t) => {
  const summary = await killRounds({ directory: await temporaryFolder(t), seed: 'kills', rounds: 4 });
  t.diagnostic(JSON.stringify(summary));
  assert.ok(summary.acknowledged > 10);
  assert.ok(summary.interrupted > 0);
});
