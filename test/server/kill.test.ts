import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killRounds } from './kill/rounds.ts';
import { temporaryFolder } from './running.ts';

/** `npm run soak` kills a hundred. */
test('a server that was killed has, when it starts again, all that it acknowledged, and nothing by halves', async (t) => {
  const summary = await killRounds({ directory: await temporaryFolder(t), seed: 'test', rounds: 3 });
  t.diagnostic(JSON.stringify(summary));
  assert.ok(summary.acknowledged > 10 && summary.interrupted > 0);
});
