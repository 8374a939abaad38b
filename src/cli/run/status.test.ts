import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobs } from './status.ts';

test('what runs, what waits and what keeps it in are told', () => {
  const startedAt = '2026-01-02T03:04:05.000Z';
  const running = [{ name: 'training/dogs/algo-1', pid: 7, startedAt }];
  assert.equal(
    jobs({ isolation: 'bubblewrap', running, waitingJobs: 2 }),
    'training/dogs/algo-1; 2 jobs wait for cores; shut in by bubblewrap',
  );
  assert.equal(
    jobs({ isolation: 'process', openReason: 'no bwrap', running: [], waitingJobs: 0 }),
    'no instance runs; not shut in (no bwrap)',
  );
});
