import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { killRounds } from '../server/kill/rounds.ts';
import { temporaryFolder } from '../server/running.ts';

test('a hundred kills of a server', async (t) => {
  const seed = `soak ${randomInt(1e9)}`;
  t.diagnostic(`seed: ${seed}`);
  t.diagnostic(JSON.stringify(await killRounds({ directory: await temporaryFolder(t), seed, rounds: 100 })));
});
