import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryFolder } from '../server/running.ts';
import { killStory } from '../training/kill/rounds.ts';

const kills = 100;
const seed = process.env.KILL_SEED ?? String(Date.now());

test(`a hundred kills of servers and instances in the middle of the training story, seed ${seed}`, {
  timeout: 1_800_000,
  skip: process.platform !== 'linux' && 'processes are found through /proc',
}, async (t) => {
  const options = { seed, kills, onRound: (text: string) => t.diagnostic(text) };
  const summary = await killStory({ directory: await temporaryFolder(t), ...options });
  t.diagnostic(JSON.stringify(summary));
  assert.equal(summary.servers + summary.instances, kills);
  assert.ok(summary.servers > 20 && summary.instances > 20 && summary.resumed > 0);
});
