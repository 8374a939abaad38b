import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EngineEvent } from '../events.ts';
import { reportProgress } from './progress.ts';

test('progress comes at most ten times a second, with the first and the last count', () => {
  let clock = 0;
  const events: EngineEvent[] = [];
  const progress = reportProgress(
    1000,
    5,
    (event) => events.push(event),
    () => clock,
  );
  for (let picture = 0; picture < 995; picture++) {
    clock += 1;
    progress.advance(1);
  }
  progress.finish();
  progress.finish();
  const counts = events.map((event) => (event.type === 'progress' ? event.done : Number.NaN));
  assert.deepEqual(counts, [5, 105, 205, 305, 405, 505, 605, 705, 805, 905, 1000]);
});
