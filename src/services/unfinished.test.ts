import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openStore } from '../store/index.ts';
import { openState, place, trainingRequest } from './sagemaker/state.fixture.ts';
import { insertTrainingJob } from './sagemaker/training/record.ts';
import { enter } from './sagemaker/training/transitions.ts';
import { insertTransformJob } from './sagemaker/transform/record.ts';
import { countWaitingJobs, hasUnfinishedJobs } from './unfinished.ts';

const now = new Date(0);

test('a store that no service has used yet has no jobs', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'whippet-unfinished-'));
  const { database, close } = await openStore({ directory, schemas: [], durability: 'memory' });
  t.after(async () => {
    await close();
    await rm(directory, { recursive: true });
  });
  assert.deepEqual([hasUnfinishedJobs(database), countWaitingJobs(database)], [false, 0]);
});

test('jobs that stand in line are counted, those at work are not', async (t) => {
  const { database } = await openState(t);
  const [works, waits] = ['works', 'waits'].map((name) =>
    insertTrainingJob(trainingRequest(name), { place, now }, database),
  );
  assert.deepEqual([hasUnfinishedJobs(database), countWaitingJobs(database)], [true, 0]);
  enter(works!.id, { secondary: 'Training', now }, database);
  enter(waits!.id, { secondary: 'Pending', now }, database);
  const model = { name: 'dogs', artifact: 's3://m/model.tar.gz', roleArn: '', isolated: false, environment: {} };
  const request = { TransformJobName: 'lines' } as Parameters<typeof insertTransformJob>[0];
  const { id } = insertTransformJob(request, { place, now, model }, database);
  assert.equal(countWaitingJobs(database), 2);
  database.run('UPDATE transform_jobs SET started = 1 WHERE id = ?', id);
  assert.equal(countWaitingJobs(database), 1);
});
