import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openState, place, trainingRequest } from '../state.fixture.ts';
import { insertTrainingJob, jobById } from './record.ts';
import { createStopControl } from './stop-control.ts';
import { startClock } from './stopping.ts';

const hour = 3_600_000;

test('a job has all of its time, also more than a timer can take', async (t) => {
  const state = await openState(t);
  const request = { ...trainingRequest('long'), StoppingCondition: { MaxRuntimeInSeconds: 28 * 86_400 } };
  const job = insertTrainingJob(request, { place, now: new Date(0) }, state.database);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const stop = createStopControl();
  startClock(job, { request, stop }, state);
  for (let hours = 0; hours < 28 * 24 - 1; hours++) t.mock.timers.tick(hour);
  assert.equal(stop.reason, undefined);
  t.mock.timers.tick(2 * hour);
  assert.deepEqual([stop.reason, jobById(job.id, state.database).status], ['runtime', 'Stopping']);
});

test('the time of a job that has ended ends nothing', async (t) => {
  const state = await openState(t);
  const request = trainingRequest('short');
  const job = insertTrainingJob(request, { place, now: new Date(0) }, state.database);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const stop = createStopControl();
  const stopClock = startClock(job, { request, stop }, state);
  stopClock();
  t.mock.timers.tick(48 * hour);
  assert.equal(stop.reason, undefined);
});
