import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryFolder } from '../server/running.ts';
import { killStory } from './kill/rounds.ts';

/** `npm run soak` kills a hundred. */
test('servers and instances are killed in the middle of the training story, and nothing acknowledged is lost', {
  timeout: 240_000,
  skip: process.platform !== 'linux' && 'processes are found through /proc',
}, async (t) => {
  const options = { seed: 'test', kills: 3, onRound: (text: string) => t.diagnostic(text) };
  const summary = await killStory({ directory: await temporaryFolder(t), ...options });
  t.diagnostic(JSON.stringify(summary));
  assert.ok(summary.servers > 0 && summary.instances > 0);
});
