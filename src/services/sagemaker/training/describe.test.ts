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

test('the metrics that are taken are told, whether the job defines them or not', async (t) => {
  const { database } = await openState(t);
  const describe = (name: string, MetricDefinitions?: { Name: string; Regex: string }[]) => {
    const { AlgorithmSpecification, ...request } = trainingRequest(name);
    const algorithm = { ...AlgorithmSpecification, ...(MetricDefinitions && { MetricDefinitions }) };
    const job = insertTrainingJob(
      { ...request, AlgorithmSpecification: algorithm },
      { place, now: new Date(0) },
      database,
    );
    return describeTrainingJob(job, database).AlgorithmSpecification?.MetricDefinitions;
  };
  const own = ['train:loss', 'validation:loss', 'validation:accuracy'];
  assert.deepEqual(
    [describe('none'), describe('empty', [])].map((told) => told?.map(({ Name }) => Name)),
    [own, own],
  );
  const mine = [{ Name: 'mine', Regex: 'mine=(.*)' }];
  assert.deepEqual(describe('some', mine), mine);
});
