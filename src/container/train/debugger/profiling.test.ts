import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EpochRecord } from '../../../engine/index.ts';
import type { ProfileRecord } from '../../../rules/index.ts';
import type { Job } from '../container-training.ts';
import type { TrainingRequest } from '../request.ts';
import { startProfiling } from './profiling.ts';

test('timings begin where their epochs began, however late these are heard of, and one after the other', () => {
  const records: ProfileRecord[] = [];
  let clock = 1_000_000;
  const profiling = startProfiling({
    request: { host: 'algo-1', hosts: ['algo-1'] } as unknown as TrainingRequest,
    job: { now: () => clock, environment: {} } as unknown as Job,
    samplingMs: 60_000,
    onRecord: (record) => records.push(record),
  });
  profiling.stop();
  const tell = (epoch: number, start: number): void =>
    profiling.epoch({ type: 'epoch', epoch: { epoch } as EpochRecord, start, seconds: 0.25 }, epoch * 4 - 1);
  // Two at once, the later one sooner after the event before it; then one by a clock that was set back.
  clock += 2000;
  tell(1, 1000.5);
  tell(2, 1001.25);
  tell(3, 400);
  const starts = records.flatMap((record) => (record.kind === 'timing' ? [record.start] : []));
  assert.deepEqual(starts, [1000.5, 1001.25, 1001.5]);
});
