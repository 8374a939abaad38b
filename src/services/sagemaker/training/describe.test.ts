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

test('what AWS takes where a channel or a time is left out is told', async (t) => {
  const { database } = await openState(t);
  const S3DataSource = { S3DataType: 'S3Prefix' as const, S3Uri: 's3://photos/dogs/' };
  const channel = { ChannelName: 'training', DataSource: { S3DataSource } };
  const request = { ...trainingRequest('dogs'), InputDataConfig: [channel] };
  const job = insertTrainingJob(request, { place, now: new Date(0) }, database);
  const { InputDataConfig, StoppingCondition } = describeTrainingJob(job, database);
  assert.deepEqual(InputDataConfig, [{ ...channel, CompressionType: 'None', RecordWrapperType: 'None' }]);
  assert.deepEqual(StoppingCondition, { MaxRuntimeInSeconds: 86_400 });
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
