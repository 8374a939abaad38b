import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileScope } from '../server/running.ts';
import { fillUnderJobs } from '../training/full/jobs.ts';

test('whatever a job is doing when the disk is full, it says so, and the next one works', {
  timeout: 600_000,
}, async (t) => {
  const rooms = [0, 32, 64, 128, 256, 384, 448, 512, 768, 1024, 2048];
  const scope = fileScope((work) => t.after(work));
  const failed = await fillUnderJobs(scope, { rooms, tell: (text) => t.diagnostic(text) });
  if (typeof failed === 'string') t.skip(failed);
  else assert.ok(failed > 0);
});
