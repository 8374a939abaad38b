import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openState, place, trainingRequest } from '../state.fixture.ts';
import { describeTrainingJob } from './describe.ts';
import { insertTrainingJob } from './record.ts';

test('a job without a key of its own has an empty one, which clients read', async (t) => {
  const { database } = await openState(t);
  const now = new Date(0);
  const { OutputDataConfig } = describeTrainingJob(
    insertTrainingJob(trainingRequest('dogs'), { place, now }, database),
    database,
  );
  assert.deepEqual(OutputDataConfig, { KmsKeyId: '', S3OutputPath: 's3://photos/out' });
});
