import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openState, place, trainingRequest } from '../state.fixture.ts';
import { insertTrainingJob } from './record.ts';
import { enter, transitionsOf } from './transitions.ts';

test('every transition has a message, which clients read of every one', async (t) => {
  const { database } = await openState(t);
  const now = new Date(0);
  for (const [secondary, status, words] of [
    ['Completed', 'Completed', 'Training job completed'],
    ['Stopped', 'Stopped', 'Training job stopped'],
    ['MaxRuntimeExceeded', 'Stopped', 'Training job runtime exceeded MaxRuntimeInSeconds provided'],
    ['Failed', 'Failed', 'Training job failed'],
  ] as const) {
    const job = insertTrainingJob(trainingRequest(secondary), { place, now }, database);
    enter(job.id, { secondary: 'Training', message: 'Training in progress.', now }, database);
    enter(job.id, { secondary, status, now }, database);
    assert.deepEqual(
      transitionsOf(job.id, database).map(({ message }) => message),
      ['Starting the training job', 'Training in progress.', words],
    );
  }
  const job = insertTrainingJob(trainingRequest('broken'), { place, now }, database);
  enter(job.id, { secondary: 'Failed', status: 'Failed', message: 'ClientError: why', now }, database);
  assert.equal(transitionsOf(job.id, database).at(-1)?.message, 'ClientError: why');
});
